import type { Html } from '../html/html.ts';
import type { GalleryWindow } from '../pretrain-run.ts';
import { finiteOrNull, line, type Points } from './line.ts';
import { pointAxis, unitAxis } from './point-axis.ts';
import { renderChart } from './render-chart.ts';

/** One validation window: hidden patches shaded, truth, reconstruction, and the straight line a ruler would draw. */
export function windowChart(window: GalleryWindow, id: string): Html {
  const count = window.truth.length;
  const { position, option: xAxis } = pointAxis(count, window.times);
  const inside = (index: number) => Math.min(Math.max(index, 0), count - 1);
  const between = (left: number, right: number) => (position(inside(left)) + position(inside(right))) / 2;
  const truth = window.truth.map(finiteOrNull);
  const reconstruction = window.reconstruction.map(finiteOrNull);
  const hidden = (index: number) => window.masked[index] === true;
  const joined = (values: readonly (number | null)[], keep: (index: number) => boolean): Points =>
    values.map((value, index) => [position(index), keep(index) ? value : null]);
  // A line through hidden points starts and ends on the visible neighbours of the gap.
  const besideHidden = (index: number) => hidden(index) || hidden(index - 1) || hidden(index + 1);
  const visible = (index: number) => !hidden(index);
  const guess = reconstruction.map((value, index) => (hidden(index) ? value : truth[index]!));
  return renderChart(
    {
      grid: { left: 50, right: 8, top: window.unit === undefined ? 10 : 24, bottom: 24 },
      xAxis,
      yAxis: unitAxis(window.unit),
      series: [
        {
          ...line(joined(linearFill(truth, window.masked), besideHidden), {
            color: 'var(--ruler)',
            width: 1.2,
            type: [4, 3],
          }),
          markArea: {
            silent: true,
            itemStyle: { color: 'var(--hidden)', borderWidth: 0 },
            data: hiddenRanges(window.masked.slice(0, count)).map(([start, end]) => [
              { xAxis: between(start - 1, start) },
              { xAxis: between(end, end + 1) },
            ]),
          },
        },
        line(joined(truth, besideHidden), { color: 'var(--truth)', width: 1.3, opacity: 0.5 }),
        line(joined(truth, visible), { color: 'var(--truth)', width: 1.6 }),
        line(joined(guess, besideHidden), { color: 'var(--model)', width: 2 }),
      ],
    },
    { id, width: 500, height: 196, label: `${window.title}: truth and reconstruction of hidden patches` },
  );
}

/** First and last index of each run of hidden points. */
function hiddenRanges(masked: readonly boolean[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const [index, hidden] of masked.entries()) {
    const current = ranges.at(-1);
    if (!hidden) continue;
    if (current && current[1] === index - 1) current[1] = index;
    else ranges.push([index, index]);
  }
  return ranges;
}

/** Hidden and missing points filled on the straight line between the nearest visible ones; flat at the ends. */
function linearFill(truth: readonly (number | null)[], masked: readonly boolean[]): (number | null)[] {
  const anchors = truth.flatMap((value, index) => (value !== null && masked[index] !== true ? [index] : []));
  let next = 0;
  return truth.map((_, index) => {
    while (next < anchors.length && anchors[next]! < index) next++;
    const after = anchors[next];
    const before = after === index ? after : anchors[next - 1];
    if (before === undefined || after === undefined) {
      const only = before ?? after;
      return only === undefined ? null : truth[only]!;
    }
    if (before === after) return truth[before]!;
    const share = (index - before) / (after - before);
    return truth[before]! + share * (truth[after]! - truth[before]!);
  });
}
