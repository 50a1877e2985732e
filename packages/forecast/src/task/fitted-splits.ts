import { type Panel, type Split, selectChannels, sliceFrame } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { frameFingerprint } from '@patchbert/train';
import type { ForecastReceipt } from '../fit/receipt.ts';
import type { ForecasterFile } from '../store/forecaster-file.ts';

/** What a forecaster says about the data of its fit. */
export interface FittedData {
  readonly file: Pick<ForecasterFile, 'channels' | 'dataFingerprint'>;
  /** Names the borders; undefined when the folder came without it. */
  readonly receipt: Pick<ForecastReceipt, 'splits' | 'data'> | undefined;
}

/**
 * The split to score data by when none is said: that of the fit for the data of the fit, so that no training row is ever
 * scored as a test row; the same borders, with the rows after them as test rows too, when rows have been appended to a single
 * recording; else `usual`.
 *
 * @param usual one per recording: the split of data that the forecaster never saw.
 * @throws PatchBertError `forecast/split-needed` when these are the data of the fit and the receipt is gone, or names too few
 * recordings to know their borders.
 * @example
 * const splits = fittedSplits(panel, { file: forecaster.file, receipt }, forecastSplits(panel.segments, [96]));
 */
export function fittedSplits(panel: Panel, fitted: FittedData, usual: readonly Split[]): readonly Split[] {
  const { receipt } = fitted;
  const same = isFittedData(panel, fitted);
  if (receipt === undefined) {
    if (!same) return usual;
    throw splitNeeded('it was fitted on these data, and its receipt.json, which names the split, is gone');
  }
  const known = receipt.splits.map(({ train, validation, test }) => ({ train, validation, test }));
  if (!same) return begunSplit(panel, fitted, known) ?? usual;
  if (known.length === panel.segments.length) return known;
  if (known.every((split, s) => sameBorders(split, usual[s]!))) return usual;
  throw splitNeeded(
    `it was fitted on these ${panel.segments.length} recordings with a split of its own, of which the receipt names ${known.length}`,
  );
}

/**
 * Refuses to score rows of the data of the fit that the forecaster was trained on.
 *
 * @throws PatchBertError `forecast/trained-on-test`.
 * @example
 * requireUnseenRows(panel, { file: forecaster.file, receipt }, splits, 'test');
 */
export function requireUnseenRows(
  panel: Panel,
  fitted: FittedData,
  splits: readonly Split[],
  part: 'validation' | 'test',
): void {
  const trained = fitted.receipt?.splits ?? [];
  if (trained.length === 0 || !(isFittedData(panel, fitted) || beginsAsFitted(panel, fitted))) return;
  const wrong = trained.findIndex(
    ({ train }, s) => splits[s] !== undefined && overlap(train, splits[s][part]),
  );
  if (wrong < 0) return;
  const { id, train } = trained[wrong]!;
  throw new PatchBertError(
    'forecast/trained-on-test',
    `forecast: the ${part} rows of ${JSON.stringify(id)} would begin at ${splits[wrong]![part].start}, and the forecaster was trained on rows up to ${train.end} of these data: the scores would flatter it. Leave the split out to use that of the fit.`,
  );
}

function isFittedData(panel: Panel, { file }: FittedData): boolean {
  return fingerprintOf(panel, file) === file.dataFingerprint;
}

/** Whether a single recording is that of the fit with rows after its end. */
function beginsAsFitted({ frame, segments }: Panel, { file, receipt }: FittedData): boolean {
  const rows = receipt?.data.rows;
  if (rows === undefined || segments.length > 1 || rows >= frame.length) return false;
  const begin = sliceFrame(frame, { start: 0, end: rows });
  return fingerprintOf({ frame: begin, segments: [] }, file) === file.dataFingerprint;
}

function begunSplit(panel: Panel, fitted: FittedData, known: readonly Split[]): readonly Split[] | undefined {
  const [first] = known;
  if (first === undefined || !beginsAsFitted(panel, fitted)) return undefined;
  return [{ ...first, test: { start: first.test.start, end: panel.frame.length } }];
}

function fingerprintOf({ frame, segments }: Panel, { channels }: FittedData['file']): string {
  return frameFingerprint(selectChannels(frame, channels), segments);
}

function overlap(one: Split['train'], other: Split['train']): boolean {
  return one.start < other.end && other.start < one.end;
}

function sameBorders(one: Split, other: Split): boolean {
  return (['train', 'validation', 'test'] as const).every(
    (part) => one[part].start === other[part].start && one[part].end === other[part].end,
  );
}

function splitNeeded(reason: string): PatchBertError {
  return new PatchBertError(
    'forecast/split-needed',
    `forecast: ${reason}; restore it, or pass the split of the fit.`,
  );
}
