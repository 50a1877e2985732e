import { float32Tensor, type HostTensor } from '@patchbert/ops';

/**
 * Learned positions for another number of patches, `[N, D] -> [rows, D]`: straight lines between neighbouring rows, the oldest
 * and the newest patch keeping theirs (as Dosovitskiy et al. 2021 resize the positions of images). A single row is the newest.
 */
export function resizePositions({ data, shape }: HostTensor, rows: number): HostTensor {
  const [count, width] = shape as readonly [number, number];
  const resized = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const place = rows === 1 ? count - 1 : (row * (count - 1)) / (rows - 1);
    const below = Math.min(Math.floor(place), count - 1);
    const above = Math.min(below + 1, count - 1);
    const share = place - below;
    for (let d = 0; d < width; d++) {
      const [low, high] = [data[below * width + d]!, data[above * width + d]!];
      resized[row * width + d] = low + share * (high - low);
    }
  }
  return float32Tensor(resized, [rows, width]);
}
