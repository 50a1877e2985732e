import { dirname } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import { frameFingerprint, readPretrainedRows } from '@patchbert/train';
import type { ForecastData } from '../task/forecast-data.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import type { EncoderOrigin } from './source-encoder.ts';

/**
 * Refuses an encoder that was pretrained on rows of these very data that are scored as test rows. Data are known by the hash
 * of all their values, as they were given and as far as the mode uses them. Of an encoder from other data, from the same
 * with channels left out, rows appended or gaps filled, or handed on without the receipt of its run, nothing can be known.
 *
 * @returns a warning when it saw validation rows: choices then favour it.
 * @throws PatchBertError `forecast/pretrained-on-test`.
 */
export async function pretrainingOverlap(
  { checkpoint, dataFingerprint }: EncoderOrigin,
  data: ForecastData,
  { panel, splits }: ForecastTask,
): Promise<string | undefined> {
  if (dataFingerprint === undefined) return undefined;
  const known = [frameFingerprint(data.frame, data.segments), frameFingerprint(panel.frame, panel.segments)];
  if (!known.includes(dataFingerprint)) return undefined;
  const pretrained = await readPretrainedRows(dirname(dirname(checkpoint)));
  const seen = splits.map((split, s) => ({ split, end: pretrained?.train[s]?.end ?? 0 }));
  const leaking = seen.find(({ split, end }) => end > split.test.start);
  if (leaking) {
    throw new PatchBertError(
      'forecast/pretrained-on-test',
      `forecast: the encoder in "${checkpoint}" was pretrained on rows of these data up to ${leaking.end}, and the test rows begin at ${leaking.split.test.start}: the scores would flatter it. Pretrain with the same split, or fit with that of the pretraining.`,
    );
  }
  const early = seen.find(({ split, end }) => end > split.validation.start);
  return (
    early &&
    `the encoder was pretrained on rows up to ${early.end}, and validation begins at ${early.split.validation.start}: choices made there favour it`
  );
}
