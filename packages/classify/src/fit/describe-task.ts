import { describeSeriesSet, type SeriesSet } from '@patchbert/data';
import { type SeriesModel, tokenCount } from '@patchbert/series';
import type { SeriesTask } from '../task/series-task.ts';

/** What a fit begins with, in a sentence. */
export function describeTask(
  { target, inputs, labelled, train }: SeriesTask,
  test: SeriesSet | undefined,
): string {
  const { series, shortest, longest } = describeSeriesSet(train);
  const points = shortest === longest ? `${longest}` : `${shortest} to ${longest}`;
  const labels = labelled.indices.length === series ? '' : `, ${labelled.indices.length} of them labelled`;
  const what = target.kind === 'class' ? `${target.classes.length} classes` : 'one value each';
  const tested = test ? `, ${test.series.length} test series` : '';
  const { model, channels } = inputs;
  const tokens = tokenCount(model);
  return (
    `${series} training series of ${points} points${labels}${tested}; ${counted(channels.length, 'channel')}, ${what}; ` +
    `${tokens === 1 ? '1 patch' : `${tokens} patches`} of ${counted(model.patchLength, 'point')}`
  );
}

/** What to tell of series that are longer than the model; undefined when none is. */
export function longerSeriesText(
  { length, pooling }: Pick<SeriesModel, 'length' | 'pooling'>,
  set: SeriesSet | undefined,
  what: 'test series' | 'series',
): string | undefined {
  const most = length * pooling;
  const longer = set?.series.filter(({ values }) => values[0]!.length > most).length ?? 0;
  if (longer === 0) return undefined;
  const are = `${longer} ${what} ${longer === 1 ? 'is' : 'are'}`;
  return `${are} longer than the ${most} points of the model; what lies beyond is cut off.`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
