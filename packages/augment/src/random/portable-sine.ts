/** 1, 1/3!, 1/5! ... with alternating signs; the first term left out is below 1e-15 at a quarter turn. */
const COEFFICIENTS: readonly number[] = taylorCoefficients(10);
const TURN = 2 * Math.PI;

/**
 * Sine of an angle in turns (1 is 2 pi), to about 1e-15, the same bits on every platform: `Math.sin` may differ in the last
 * one between engines.
 */
export function portableSine(turns: number): number {
  // To [-1/2, 1/2], then mirrored to [-1/4, 1/4]; both exact but for the first rounding.
  let turn = turns - Math.round(turns);
  if (turn > 0.25) turn = 0.5 - turn;
  else if (turn < -0.25) turn = -0.5 - turn;
  const x = TURN * turn;
  const square = x * x;
  let sum = 0;
  for (let i = COEFFICIENTS.length - 1; i >= 0; i--) sum = sum * square + COEFFICIENTS[i]!;
  return x * sum;
}

function taylorCoefficients(count: number): number[] {
  const coefficients = [1];
  for (let i = 1; i < count; i++) coefficients.push(-coefficients[i - 1]! / (2 * i * (2 * i + 1)));
  return coefficients;
}
