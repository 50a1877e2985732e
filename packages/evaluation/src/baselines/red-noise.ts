import { fold } from './fold.ts';

/** Chance that a series without a season passes at one lag. */
const FALSE_ALARM = 1e-4;

/**
 * Whether the periodogram of `values` at `period`, or at one of its harmonics, is higher than noise with memory
 * allows: a first-order autoregression with the lag-1 correlation `memory` (Torrence & Compo, 1998, eq. 16).
 *
 * @param values about 0 on average, NaN = missing.
 */
export function standsOutOfRedNoise(values: Float64Array, period: number, memory: number): boolean {
  const { sums, squares } = fold(values, period); // all that the periodogram at multiples of 1/period needs
  const phi = Math.min(Math.max(memory, 0), 0.999);
  const harmonics = Math.floor(period / 2);
  const threshold = Math.log(harmonics / FALSE_ALARM); // for white noise, power is exponential with mean 1
  for (let harmonic = 1; harmonic <= harmonics; harmonic++) {
    const frequency = (2 * Math.PI * harmonic) / period;
    let real = 0;
    let imaginary = 0;
    for (let phase = 0; phase < period; phase++) {
      real += sums[phase]! * Math.cos(frequency * phase);
      imaginary += sums[phase]! * Math.sin(frequency * phase);
    }
    const power = (real * real + imaginary * imaginary) / squares;
    const noise = (1 - phi * phi) / (1 + phi * phi - 2 * phi * Math.cos(frequency));
    // The highest frequency of all has no imaginary part: the tail of its power is twice as long.
    const tail = 2 * harmonic === period ? 2 : 1;
    if (power > noise * threshold * tail) return true;
  }
  return false;
}
