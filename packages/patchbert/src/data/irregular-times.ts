import { describeFrame, type Panel, segmentFrame } from '@patchbert/data';

/**
 * What to tell of time stamps that are not equally spaced, for a forecaster takes one row for one step; undefined when they
 * all are, or when there are none.
 */
export function irregularTimesText(panel: Panel): string | undefined {
  if (panel.frame.times === undefined) return undefined;
  // Times are all that counts here; the ranges of many channels would cost a pass over all values.
  const onlyTimes = (index: number) => ({ ...segmentFrame(panel, index), channels: [], columns: [] });
  const found = panel.segments.flatMap(({ id }, index) => {
    const { irregularSteps = 0, intervalSeconds } = describeFrame(onlyTimes(index));
    return irregularSteps > 0 ? [{ id, irregularSteps, intervalSeconds }] : [];
  });
  const [first] = found;
  if (first === undefined) return undefined;
  const others = found.length > 1 ? ` (and ${found.length - 1} more of ${panel.segments.length})` : '';
  const steps =
    first.irregularSteps === 1 ? '1 step' : `${first.irregularSteps.toLocaleString('en-US')} steps`;
  return (
    `the time stamps of ${JSON.stringify(first.id)}${others} are irregular: ${steps} between rows differ from the usual ` +
    `${first.intervalSeconds} seconds. Rows are taken as equally spaced; regulariseTimes makes gaps rows of missing values`
  );
}
