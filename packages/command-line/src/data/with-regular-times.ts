import { type RegularFrame, regulariseTimes, segmentFrame, stackFrames } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import type { OpenedData } from './opened-data.ts';

/**
 * Gaps in time of every recording become rows of missing values.
 *
 * @throws PatchBertError `command-line/data` for recordings whose rows are not equally far apart; as `regulariseTimes`.
 */
export function withRegularTimes(opened: OpenedData): OpenedData {
  const { frame, segments } = opened;
  if (segments === undefined) {
    const regular = regulariseTimes(frame);
    return { ...opened, frame: regular.frame, insertedRows: regular.inserted };
  }
  const regular = segments.map((_, index) => regulariseTimes(segmentFrame({ frame, segments }, index)));
  requireOneInterval(regular);
  const stacked = stackFrames(
    regular.map((one) => one.frame),
    { name: frame.name },
  );
  const insertedRows = regular.reduce((sum, one) => sum + one.inserted, 0);
  return { ...opened, frame: stacked.frame, segments: stacked.segments, insertedRows };
}

/** A step of the model is a row: it cannot be an hour here and a day there. */
function requireOneInterval(regular: readonly RegularFrame[]): void {
  const [first] = regular;
  const other = regular.find(({ intervalMs }) => !isAlike(intervalMs, first!.intervalMs));
  if (other === undefined) return;
  const [one, two] = [first!, other].map(({ frame, intervalMs }) => ({
    name: JSON.stringify(frame.name.slice(0, 40)),
    every: `every ${intervalMs / 1000} s`,
  }));
  throw new PatchBertError(
    'command-line/data',
    `openData: ${one!.name} has a row ${one!.every}, ${two!.name} ${two!.every}; expected the same interval in every series. Resample one of them, or pass --no-regular-times to take rows as they stand.`,
  );
}

const MONTH = 28 * 86_400_000;

/** Months are of 28 to 31 days, and time stamps are rounded to milliseconds. */
function isAlike(a: number, b: number): boolean {
  const [short, long] = [Math.min(a, b), Math.max(a, b)];
  return long - short <= 1 || (short >= MONTH && short / long >= 0.9);
}
