import { regulariseTimes, segmentFrame, stackFrames } from '@patchbert/data';
import type { OpenedData } from './opened-data.ts';

/** Gaps in time of every recording become rows of missing values. */
export function withRegularTimes(opened: OpenedData): OpenedData {
  const { frame, segments } = opened;
  if (segments === undefined) {
    const regular = regulariseTimes(frame);
    return { ...opened, frame: regular.frame, insertedRows: regular.inserted };
  }
  const regular = segments.map((_, index) => regulariseTimes(segmentFrame({ frame, segments }, index)));
  const stacked = stackFrames(
    regular.map((one) => one.frame),
    { name: frame.name },
  );
  const insertedRows = regular.reduce((sum, one) => sum + one.inserted, 0);
  return { ...opened, frame: stacked.frame, segments: stacked.segments, insertedRows };
}
