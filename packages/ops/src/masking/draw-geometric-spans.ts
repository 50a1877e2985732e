import { deriveKey, type RandomKey, sampleWithoutReplacement, uniforms } from '@patchbert/random';

/**
 * Marks exactly `count` patches in runs of geometrically distributed length with mean `meanLength`, every patch
 * equally likely.
 *
 * Zerveas et al.: "A transformer-based framework for multivariate time series representation learning", KDD 2021,
 * walks a Markov chain and so hits the ratio on average only. Here the runs are drawn first and the last one is
 * cut to the exact count; they are put on a circle at places that keep them apart, and the circle is opened
 * anywhere, so that the ends of a series are hidden as often as its middle. Where there are more runs than
 * visible patches to keep them apart, the surplus joins others.
 */
export function drawGeometricSpans(
  mask: Uint8Array,
  count: number,
  meanLength: number,
  key: RandomKey,
): void {
  const visible = mask.length - count;
  const drawn = drawLengths(count, meanLength, deriveKey(key, 'lengths'));
  const spans = Math.min(drawn.length, visible);
  const lengths = drawn.slice(0, spans);
  for (let i = spans; i < drawn.length; i++) lengths[i % spans]! += drawn[i]!;

  // Slot j lies before visible patch j.
  const slots = sampleWithoutReplacement(deriveKey(key, 'slots'), visible, spans);
  const opening = sampleWithoutReplacement(deriveKey(key, 'opening'), mask.length, 1)[0]!;
  let covered = 0;
  for (const [i, length] of lengths.entries()) {
    const start = opening + slots[i]! + covered;
    for (let patch = start; patch < start + length; patch++) mask[patch % mask.length] = 1;
    covered += length;
  }
}

/** Runs that sum to `count`: after each patch, a run ends with probability 1 / meanLength. */
function drawLengths(count: number, meanLength: number, key: RandomKey): number[] {
  const draws = uniforms(key, count);
  const lengths: number[] = [];
  let length = 0;
  for (let i = 0; i < count; i++) {
    length++;
    if (draws[i]! * meanLength < 1 || i === count - 1) {
      lengths.push(length);
      length = 0;
    }
  }
  return lengths;
}
