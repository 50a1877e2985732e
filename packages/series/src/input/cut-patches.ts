import type { SeriesPoints } from '@patchbert/augment';
import { float32Tensor, type HostTensor } from '@patchbert/ops';
import { inputRows, type SeriesModel } from '../config/series-model.ts';
import type { SeriesInputs } from './series-inputs.ts';
import type { Places } from './token-places.ts';

/**
 * The tokens' inputs at the given places: `[S, V, R * patchLength]`, row by row: values, differences between neighbouring visible
 * points (divided by `differenceScale`), and the share of the channels that is not visible. S = series, or series x channels
 * (series by series) when channels are independent.
 *
 * Zeros where nothing is visible and the last row together are a mask token and padding at once (a linear embedding adds a
 * learned vector to each), so series of any length and with gaps need no other mask.
 */
export function cutPatches(
  series: readonly SeriesPoints[],
  { model, differenceScale }: Pick<SeriesInputs, 'model' | 'differenceScale'>,
  places: Places,
): HostTensor {
  const channels = series[0]!.channels;
  const rows = inputRows(model, channels);
  const together = model.channels === 'mixed' ? channels : 1;
  const groups = channels / together;
  const { length, patchLength, patchStride } = model;
  const width = rows * patchLength;
  const patches = new Float32Array(series.length * groups * places.length * width);
  const lines = new Float32Array(rows * length);
  let next = 0;
  for (const points of series) {
    for (let group = 0; group < groups; group++) {
      writeLines(points, group * together, together, model.differences ? differenceScale : undefined, lines);
      for (const place of places) {
        const start = place * patchStride;
        const end = Math.min(length, start + patchLength);
        for (let row = 0; row < rows; row++) {
          const at = next + row * patchLength;
          for (let point = start; point < end; point++)
            patches[at + point - start] = lines[row * length + point]!;
        }
        // Beyond the end of the last patch nothing is visible.
        const flags = next + (rows - 1) * patchLength;
        for (let point = Math.max(end, start); point < start + patchLength; point++)
          patches[flags + point - start] = 1;
        next += width;
      }
    }
  }
  return float32Tensor(patches, [series.length * groups, places.length, width]);
}

/** Fills the rows of one group of channels, `[R, L]`. */
function writeLines(
  { values, visible, length }: SeriesPoints,
  first: number,
  together: number,
  differenceScale: number | undefined,
  lines: Float32Array,
): void {
  const flags = lines.length - length;
  lines.fill(1, flags);
  for (let c = 0; c < together; c++) {
    const from = (first + c) * length;
    const row = c * length;
    for (let point = 0; point < length; point++) {
      const seen = visible[from + point]!;
      lines[row + point] = seen ? values[from + point]! : 0;
      if (seen) lines[flags + point]! -= 1 / together;
    }
    if (differenceScale === undefined) continue;
    const differences = (together + c) * length;
    lines[differences] = 0;
    for (let point = 1; point < length; point++) {
      const both = visible[from + point]! & visible[from + point - 1]!;
      lines[differences + point] = both
        ? (values[from + point]! - values[from + point - 1]!) / differenceScale
        : 0;
    }
  }
}

/** Root mean square of the differences between neighbouring visible points of the training series; 1 when all are 0. */
export function differenceScaleOf(series: readonly SeriesPoints[]): number {
  let [count, squares] = [0, 0];
  for (const { values, visible, length } of series) {
    for (let i = 1; i < values.length; i++) {
      if (i % length === 0 || !(visible[i]! & visible[i - 1]!)) continue;
      count++;
      squares += (values[i]! - values[i - 1]!) ** 2;
    }
  }
  return squares > 0 ? Math.sqrt(squares / count) : 1;
}

/** What is to be reconstructed at the places: scaled values `[S, V, channels together * patchLength]` and where they count. */
export function cutTargets(
  original: readonly SeriesPoints[],
  masked: readonly SeriesPoints[],
  model: SeriesModel,
  places: Places,
): { readonly target: HostTensor; readonly lossWeight: HostTensor } {
  const { channels } = original[0]!;
  const together = model.channels === 'mixed' ? channels : 1;
  const { length, patchLength, patchStride } = model;
  const count = original.length * channels * places.length * patchLength;
  const target = new Float32Array(count);
  const weight = new Float32Array(count);
  let next = 0;
  original.forEach(({ values, visible }, s) => {
    const shown = masked[s]!.visible;
    for (let first = 0; first < channels; first += together) {
      for (const place of places) {
        const start = place * patchStride;
        const end = Math.min(length, start + patchLength);
        for (let c = first; c < first + together; c++) {
          for (let point = start; point < end; point++) {
            const i = c * length + point;
            if (!visible[i]) continue;
            target[next + point - start] = values[i]!;
            weight[next + point - start] = shown[i] ? 0 : 1;
          }
          next += patchLength;
        }
      }
    }
  });
  const shape = [(original.length * channels) / together, places.length, together * patchLength];
  return { target: float32Tensor(target, shape), lossWeight: float32Tensor(weight, shape) };
}
