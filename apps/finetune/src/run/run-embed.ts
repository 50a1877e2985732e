import { required } from '../commands/required.ts';
import type { EmbedFlags } from '../flags/model-flags.ts';
import { embedSeries } from '../series/run-series-use.ts';
import type { Session } from './session.ts';
import { modelAdvice } from './with-forecaster.ts';

/** `patchbert-finetune embed`: what the encoder of a classifier or regressor makes of each series. */
export async function runEmbed(flags: EmbedFlags, session: Session): Promise<void> {
  await embedSeries(required(flags, 'model', modelAdvice), flags, session);
}
