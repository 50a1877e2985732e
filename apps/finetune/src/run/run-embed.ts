import { required } from '../commands/required.ts';
import { embedRecordings } from '../embed/embed-recordings.ts';
import { embedSeries } from '../embed/embed-series.ts';
import type { EmbedFlags } from '../flags/embed-flags.ts';
import { isSeriesModel } from '../series/model-kind.ts';
import type { Session } from './session.ts';

/** `patchbert-finetune embed`: vectors of windows of long recordings, or of whole series with a classifier or regressor. */
export async function runEmbed(flags: EmbedFlags, session: Session): Promise<void> {
  const model = required(
    flags,
    'model',
    'name the folder of a pretraining run or checkpoint, a forecaster, a classifier or a regressor',
  );
  if (await isSeriesModel(model)) return embedSeries(model, flags, session);
  return embedRecordings(model, flags, session);
}
