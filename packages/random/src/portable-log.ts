const bits = new DataView(new ArrayBuffer(8));
const ONE_EXPONENT = 1023;
/** Terms of the series; |s| <= 0.1716, so the first one left out is below 2^-54 of the sum. */
const LAST_DENOMINATOR = 21;

/**
 * Natural logarithm of a positive normal double, the same bits on every platform (`Math.log` may differ
 * in the last one between engines): `e ln 2 + 2 artanh((m - 1) / (m + 1))` for `x = m 2^e`, m in [1/sqrt 2, sqrt 2).
 */
export function portableLog(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let exponent = (high >>> 20) - ONE_EXPONENT;
  bits.setUint32(0, (high & 0xfffff) | (ONE_EXPONENT << 20));
  let mantissa = bits.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent++;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum = 0;
  for (let denominator = LAST_DENOMINATOR; denominator >= 1; denominator -= 2) {
    sum = sum * square + 1 / denominator;
  }
  return exponent * Math.LN2 + 2 * s * sum;
}
