import { PatchBertError } from '@patchbert/errors';
import { deriveKey, type RandomKey, uniforms } from '@patchbert/random';
import { checkPoints, checkSameShape, outputFor } from '../points/checked-points.ts';
import type { SeriesPoints } from '../points/series-points.ts';

export interface MixUpOptions {
  /** Both parameters of the Beta distribution of the share, above 0 and at most 1; the smaller, the less is mixed. */
  readonly alpha: number;
}

export interface MixedSeries {
  readonly points: SeriesPoints;
  /** Share of the first series, in [0, 1]: the weight of its label; the second's is `1 - share`. */
  readonly share: number;
}

/**
 * Mixes two series to `share * a + (1 - share) * b`, the share from Beta(alpha, alpha); visible where both are.
 *
 * Zhang et al.: "mixup: Beyond empirical risk minimization", ICLR 2018.
 *
 * @param out where to write, `[channels * length]`, may be `a` or `b` itself; new points by default.
 * @throws PatchBertError `augment/bad-option`, `augment/bad-points`, `augment/uneven-shapes`.
 * @example
 * const { points, share } = mixUp(first, second, { alpha: 0.4 }, deriveKey(randomKey(0), 'mix', step, id));
 */
export function mixUp(
  a: SeriesPoints,
  b: SeriesPoints,
  { alpha }: MixUpOptions,
  key: RandomKey,
  out?: SeriesPoints,
): MixedSeries {
  if (!(alpha > 0 && alpha <= 1)) {
    throw new PatchBertError('augment/bad-option', `mixUp: alpha ${alpha}; expected above 0 and at most 1.`);
  }
  const target = outputFor('mixUp', a, out);
  checkPoints('mixUp', 'b', b);
  checkSameShape('mixUp', a, b);
  const share = betaDraw(alpha, key);
  for (let i = 0; i < a.values.length; i++) {
    const seen = a.visible[i] === 1 && b.visible[i] === 1;
    target.values[i] = seen ? share * a.values[i]! + (1 - share) * b.values[i]! : 0;
    target.visible[i] = seen ? 1 : 0;
  }
  return { points: target, share };
}

/**
 * A number from Beta(alpha, alpha), as a float32. Jöhnk: "Erzeugung von betaverteilten und gammaverteilten Zufallszahlen",
 * Metrika 8 (1964); half of the pairs or more are accepted for alpha up to 1.
 */
function betaDraw(alpha: number, key: RandomKey): number {
  for (let attempt = 0; ; attempt++) {
    const pair = uniforms(deriveKey(key, attempt), 2);
    const x = pair[0]! ** (1 / alpha);
    const y = pair[1]! ** (1 / alpha);
    if (x + y > 0 && x + y <= 1) return Math.fround(x / (x + y));
    // Both powers underflow for a tiny alpha; the larger one is then all there is.
    if (x + y === 0) return pair[0]! > pair[1]! ? 1 : 0;
  }
}
