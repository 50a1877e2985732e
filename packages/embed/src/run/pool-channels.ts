/**
 * The vectors of a window's channels as one: `[windows, channels, width]` -> `[windows, width]`, the mean of those of channels
 * with a value (in float64), NaN where no channel has one.
 */
export function meanOverChannels(
  vectors: Float32Array,
  channels: number,
  width: number,
): Float32Array<ArrayBuffer> {
  const windows = vectors.length / (channels * width);
  const means = new Float32Array(windows * width);
  const sums = new Float64Array(width);
  for (let w = 0; w < windows; w++) {
    sums.fill(0);
    let count = 0;
    for (let c = 0; c < channels; c++) {
      const from = (w * channels + c) * width;
      if (Number.isNaN(vectors[from]!)) continue;
      count++;
      for (let d = 0; d < width; d++) sums[d]! += vectors[from + d]!;
    }
    for (let d = 0; d < width; d++) means[w * width + d] = sums[d]! / count;
  }
  return means;
}
