import type { ClassificationRun, MapPoint } from '../classification-run.ts';
import { type Html, html } from '../html/html.ts';
import { shortened } from './shortened.ts';

/** How a class looks on the map: a CSS colour and one of four shapes. */
export interface MapStyle {
  readonly color: string;
  readonly shape: number;
}

export interface MapStyles {
  readonly byLabel: ReadonlyMap<string, MapStyle>;
  /** The targets at both ends of the colours, for a regression. */
  readonly ramp?: { readonly low: number; readonly high: number };
}

const colors = 10;
const rampSteps = 12;
const width = 1000;
const margin = 24;

/** Shapes about the origin, for a radius of 1. */
const shapes: readonly (readonly (readonly [number, number])[] | 'circle')[] = [
  'circle',
  [
    [0, -1.25],
    [1.1, 0.75],
    [-1.1, 0.75],
  ],
  [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  [
    [0, -1.3],
    [1.3, 0],
    [0, 1.3],
    [-1.3, 0],
  ],
];

/** One look per class, ten colours in each of four shapes; the targets of a regression run through one range of colours. */
export function mapStyles(points: readonly MapPoint[], task: ClassificationRun['task']): MapStyles {
  const labels = [...new Set(points.map((point) => point.label))].sort(naturally);
  const targets = labels.map(Number).filter(Number.isFinite);
  if (task === 'regression' && targets.length > 0) {
    const low = targets.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    const high = targets.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const share = (label: string) => Math.round((rampSteps * (Number(label) - low)) / (high - low || 1));
    const color = (label: string) =>
      Number.isFinite(Number(label))
        ? `color-mix(in oklch, var(--ramp-high) ${((100 * share(label)) / rampSteps).toFixed(0)}%, var(--ramp-low))`
        : 'var(--muted)';
    return {
      byLabel: new Map(labels.map((label) => [label, { color: color(label), shape: 0 }])),
      ramp: { low, high },
    };
  }
  return {
    byLabel: new Map(
      labels.map((label, index) => [
        label,
        { color: `var(--class-${index % colors})`, shape: Math.floor(index / colors) % shapes.length },
      ]),
    ),
  };
}

/** A class's mark, for a key. */
export function mapGlyph({ color, shape }: MapStyle): Html {
  return html`<svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><path d="${mark(shape, 6, 6, 4.4)}" fill="${color}"/></svg>`;
}

/** Points in a plane of one scale for both directions: training series faint, test series full, mistakes ringed. */
export function mapChart(points: readonly MapPoint[], { byLabel, ramp }: MapStyles): Html {
  const { place, height } = layout(points);
  const radius = points.length > 600 ? 3 : 4.2;
  const paths = new Map<string, { style: MapStyle; part: MapPoint['part']; marks: string[] }>();
  for (const point of points) {
    const style = byLabel.get(point.label)!;
    const id = `${point.part} ${style.color} ${style.shape}`;
    const path = paths.get(id) ?? { style, part: point.part, marks: [] };
    paths.set(id, path);
    path.marks.push(mark(style.shape, ...place(point), radius * (point.part === 'train' ? 0.8 : 1)));
  }
  const drawn = [...paths.values()].sort((a, b) => Number(a.part === 'test') - Number(b.part === 'test'));
  const wrong = points.filter((point) => point.correct === false);
  return html`<svg class="map" viewBox="0 0 ${width} ${height}" role="img" aria-label="Map of the embeddings of all series">
<rect width="${width}" height="${height}" fill="var(--panel)"/>
${drawn.map(
  ({ style, part, marks }) =>
    html`<path d="${marks.join('')}" fill="${style.color}" fill-opacity="${part === 'train' ? 0.38 : 0.92}"/>\n`,
)}${
  wrong.length === 0
    ? undefined
    : html`<path d="${wrong.map((point) => mark(0, ...place(point), radius + 2.6)).join('')}" fill="none" stroke="var(--ink)" stroke-width="1.5"/>\n`
}${ramp === undefined && byLabel.size > 1 && byLabel.size <= 24 ? names(points, place) : undefined}</svg>`;
}

/** Class names at the median of their points, with a halo that keeps them readable. */
function names(points: readonly MapPoint[], place: (point: MapPoint) => [number, number]): Html[] {
  const labels = [...new Set(points.map((point) => point.label))];
  return labels.map((label) => {
    const group = points.filter((point) => point.label === label);
    const places = group.map(place);
    const x = median(places.map((one) => one[0]));
    const y = median(places.map((one) => one[1]));
    return html`<text x="${x.toFixed(0)}" y="${y.toFixed(0)}" dy="0.35em" text-anchor="middle" font-size="13" font-weight="600" fill="var(--ink)" stroke="var(--panel)" stroke-width="4" stroke-linejoin="round" paint-order="stroke">${shortened(label, 24)}</text>`;
  });
}

function layout(points: readonly MapPoint[]): {
  place: (point: MapPoint) => [number, number];
  height: number;
} {
  const [left, right] = extent(points.map((point) => point.x));
  const [bottom, top] = extent(points.map((point) => point.y));
  const [spanX, spanY] = [right - left || 1, top - bottom || 1];
  const height = Math.round(Math.min(620, Math.max(360, (spanY / spanX) * width)));
  const scale = Math.min((width - 2 * margin) / spanX, (height - 2 * margin) / spanY);
  return {
    height,
    place: ({ x, y }) => [
      width / 2 + (x - (left + right) / 2) * scale,
      height / 2 - (y - (bottom + top) / 2) * scale,
    ],
  };
}

/** A closed outline about a place, as path commands. */
function mark(shape: number, x: number, y: number, radius: number): string {
  const outline = shapes[shape]!;
  const r = radius.toFixed(1);
  const across = (2 * Number(r)).toFixed(1);
  if (outline === 'circle')
    return `M${(x - radius).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${across} 0a${r} ${r} 0 1 0-${across} 0`;
  return `M${outline.map(([dx, dy]) => `${(x + dx * radius).toFixed(1)} ${(y + dy * radius).toFixed(1)}`).join('L')}Z`;
}

function extent(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Numbers by size, other labels by code point. */
function naturally(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  if (Number.isFinite(difference) && difference !== 0) return difference;
  return a < b ? -1 : a > b ? 1 : 0;
}
