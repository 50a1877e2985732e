import { borderSplit, type Segment, type Split, splitSegments } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';

/** Shares of the rows of a recording that are kept for choosing and for scoring. */
const VALIDATION = 0.1;
const TEST = 0.2;

/**
 * Splits of recordings that nobody has published splits of. One recording: 70 / 10 / 20 % by time. Several of different
 * lengths: the same shares, but never fewer validation and test rows than the longest horizon, so that short recordings
 * take part; the rest trains.
 *
 * @throws PatchBertError `data/too-few-rows` naming the recordings too short for one context and three horizons.
 * @example
 * const splits = forecastSplits(panel.segments, { contextLength: 48, horizons: [12] });
 */
export function forecastSplits(
  segments: readonly Segment[],
  { contextLength, horizons }: { readonly contextLength: number; readonly horizons: readonly number[] },
): Split[] {
  if (segments.length === 1) return splitSegments(segments);
  const horizon = Math.max(...horizons);
  requireLength(segments, contextLength + 3 * horizon, contextLength, horizon);
  return segments.map(({ start, end }) => {
    const rows = end - start;
    const test = Math.max(horizon, Math.floor(TEST * rows));
    const validation = Math.max(horizon, Math.floor(VALIDATION * rows));
    const trainEnd = Math.max(end - test - validation, start + contextLength + horizon);
    // A short recording gives training one window first, then validation and test one horizon each.
    const validationEnd = Math.max(trainEnd + horizon, end - test);
    return borderSplit({ start, trainEnd, validationEnd, testEnd: end });
  });
}

function requireLength(
  segments: readonly Segment[],
  least: number,
  contextLength: number,
  horizon: number,
): void {
  const short = segments.filter(({ start, end }) => end - start < least);
  if (short.length === 0) return;
  const [first] = short;
  const others = short.length === 1 ? '' : ` and ${short.length - 1} more`;
  throw new PatchBertError(
    'data/too-few-rows',
    `forecast: series ${JSON.stringify(first!.id)}${others} too short: ${first!.end - first!.start} rows, expected at least ${least} for a context of ${contextLength} and a horizon of ${horizon} in training, validation and test. Leave ${short.length === 1 ? 'it' : 'them'} out, or use a shorter context or horizon.`,
  );
}
