import { type Panel, type Split, selectChannels } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { type ForecasterFile, type ForecastReceipt, forecastSplits } from '@patchbert/forecast';
import { frameFingerprint } from '@patchbert/train';

/**
 * The split to score data by when none is said: that of the fit for the data it saw, so that no training row is ever scored
 * as a test row; shares by time for other data.
 *
 * @throws PatchBertError `patchbert/split-needed` when the receipt names too few recordings to know it.
 */
export function defaultSplits(
  panel: Panel,
  { channels, dataFingerprint, config }: ForecasterFile,
  receipt: ForecastReceipt | undefined,
): readonly Split[] {
  const frame = selectChannels(panel.frame, channels);
  if (receipt === undefined || frameFingerprint(frame, panel.segments) !== dataFingerprint) {
    return forecastSplits(panel.segments, config.horizons);
  }
  const known = receipt.splits.map(({ train, validation, test }) => ({ train, validation, test }));
  if (known.length === panel.segments.length) return known;
  const usual = forecastSplits(panel.segments, config.horizons);
  if (known.every((split, s) => sameBorders(split, usual[s]!))) return usual;
  throw new PatchBertError(
    'patchbert/split-needed',
    `Forecaster: it was fitted on these ${panel.segments.length} recordings with a split of its own, of which the receipt names ${known.length}; pass that split again.`,
  );
}

function sameBorders(one: Split, other: Split): boolean {
  return (['train', 'validation', 'test'] as const).every(
    (part) => one[part].start === other[part].start && one[part].end === other[part].end,
  );
}
