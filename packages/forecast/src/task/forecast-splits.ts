import { borderSplit, type Segment, type Split, splitSegments } from '@patchbert/data';

/** Shares of the rows of a recording that are kept for choosing and for scoring. */
const VALIDATION = 0.1;
const TEST = 0.2;

/**
 * The split of recordings that nobody has published one of. One recording: 70 / 10 / 20 % by time. Several of different
 * lengths: the same shares, but as many validation and test rows as the longest horizon at least, so that short recordings
 * can be scored; what is left trains, and `checkForecast` says for which it is too little.
 *
 * @throws PatchBertError `data/bad-split` naming a recording too short to be split at all.
 * @example
 * const splits = forecastSplits(panel.segments, [12]);
 */
export function forecastSplits(segments: readonly Segment[], horizons: readonly number[]): Split[] {
  const usual = splitSegments(segments);
  if (segments.length === 1) return usual;
  const horizon = Math.max(...horizons);
  return segments.map(({ start, end }, s) => {
    const rows = end - start;
    const testStart = end - Math.max(horizon, Math.floor(TEST * rows));
    const trainEnd = testStart - Math.max(horizon, Math.floor(VALIDATION * rows));
    if (trainEnd <= start) return usual[s]!;
    return borderSplit({ start, trainEnd, validationEnd: testStart, testEnd: end });
  });
}
