import type { ForecastWindow } from '../forecast-run.ts';
import type { Html } from '../html/html.ts';
import { finiteOrNull, line, type Points } from './line.ts';
import { pointAxis, unitAxis } from './point-axis.ts';
import { renderChart } from './render-chart.ts';

/** One test window: context thin, truth and forecast after the origin, the interval shaded. */
export function forecastChart(window: ForecastWindow, id: string): Html {
  const past = shownContext(window);
  const context = window.context.slice(window.context.length - past).map(finiteOrNull);
  const truth = window.truth.map(finiteOrNull);
  const forecast = window.forecast.map(finiteOrNull);
  const count = past + Math.max(truth.length, forecast.length);
  const all = window.context.length + count - past;
  const times = window.times?.length === all ? window.times.slice(all - count) : undefined;
  const { position, option: xAxis } = pointAxis(count, times);
  const placed = (values: readonly (number | null)[], start: number): Points =>
    values.map((value, index) => [position(start + index), value]);
  const last = context.at(-1) ?? null;
  // Lines of the future start at the last known point, so that they leave the context without a gap.
  const ahead = (values: readonly (number | null)[]): Points =>
    last === null ? placed(values, past) : placed([last, ...values], past - 1);
  const lower = window.lower?.map(finiteOrNull) ?? [];
  const upper = window.upper?.map(finiteOrNull) ?? [];
  const edge = { color: 'var(--model)', width: 0.8, opacity: 0.35 };
  return renderChart(
    {
      grid: { left: 50, right: 8, top: window.unit === undefined ? 10 : 24, bottom: 24 },
      xAxis,
      yAxis: unitAxis(window.unit),
      series: [
        band(placed(lower, past), placed(upper, past)),
        line(placed(lower, past), edge),
        line(placed(upper, past), edge),
        {
          ...line(placed(context, 0), { color: 'var(--truth)', width: 1, opacity: 0.55 }),
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: 'var(--muted)', width: 1, type: [3, 3] },
            data: past > 0 && count > past ? [{ xAxis: (position(past - 1) + position(past)) / 2 }] : [],
          },
        },
        line(ahead(truth), { color: 'var(--truth)', width: 1.6 }),
        line(ahead(window.linear?.map(finiteOrNull) ?? []), {
          color: 'var(--ruler)',
          width: 1.3,
          type: [4, 3],
        }),
        line(ahead(forecast), { color: 'var(--model)', width: 2 }),
      ],
    },
    { id, width: 500, height: 216, label: `${window.title}: forecast and truth after the context` },
  );
}

/** How many points of the context are drawn: enough to see what led to the forecast, not so many that it gets small. */
export function shownContext({ context, forecast }: ForecastWindow): number {
  return Math.min(context.length, Math.max(Math.ceil(1.5 * forecast.length), 48));
}

/** The area between two lines, broken where either is missing. */
function band(lower: Points, upper: Points): Record<string, unknown> {
  const pieces: [low: [number, number], high: [number, number]][][] = [[]];
  for (const [index, [x, low]] of lower.entries()) {
    const high = upper[index]?.[1] ?? null;
    if (low === null || high === null) pieces.push([]);
    else
      pieces.at(-1)!.push([
        [x, low],
        [x, high],
      ]);
  }
  const drawn = pieces.filter((piece) => piece.length > 0);
  return {
    type: 'custom',
    silent: true,
    clip: true,
    z: 1,
    data: drawn.map((_, index) => [index]),
    encode: { x: [], y: [] },
    renderItem: (
      { dataIndex }: { dataIndex: number },
      { coord }: { coord: (point: readonly number[]) => number[] },
    ) => {
      const piece = drawn[dataIndex]!;
      return {
        type: 'polygon',
        shape: {
          points: [...piece.map(([low]) => coord(low)), ...piece.map(([, high]) => coord(high)).reverse()],
        },
        style: { fill: 'var(--model-soft)' },
      };
    },
  };
}
