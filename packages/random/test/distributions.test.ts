import { deriveKey, normals, randomKey, randomUint32s, uniforms } from '@patchbert/random';
import { expect, it } from 'vitest';

const key = deriveKey(randomKey(0), 'distributions');
const COUNT = 200_000;

function moments(numbers: Float64Array) {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const central = (power: number) =>
    numbers.reduce((sum, x) => sum + (x - mean) ** power, 0) / numbers.length;
  return { mean, variance: central(2), third: central(3), fourth: central(4) };
}

/** The normal distribution function by its series about 0 (all terms positive), good to 1e-14 for |z| < 6. */
function normalDistribution(z: number): number {
  let term = Math.abs(z);
  let sum = term;
  for (let k = 1; k < 200; k++) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + (Math.sign(z) * sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

it('every bit of the words is set half of the time', () => {
  const set = new Float64Array(32);
  for (const word of randomUint32s(key, COUNT)) for (let b = 0; b < 32; b++) set[b]! += (word >>> b) & 1;
  for (const count of set) expect(Math.abs(count / COUNT - 0.5)).toBeLessThan(0.006);
});

it('uniforms lie in [0, 1) with the moments of the uniform distribution', () => {
  const numbers = uniforms(key, COUNT);
  expect(Math.min(...numbers.subarray(0, 50_000))).toBeGreaterThanOrEqual(0);
  expect(numbers.every((u) => u < 1)).toBe(true);
  const { mean, variance } = moments(numbers);
  expect(mean).toBeCloseTo(1 / 2, 2);
  expect(variance).toBeCloseTo(1 / 12, 3);
});

it('uniforms use 53 bits', () => {
  const steps = uniforms(key, 1000).map((u) => u * 2 ** 53);
  expect(steps.every(Number.isInteger)).toBe(true);
  expect(steps.filter((s) => s % 2 === 1).length).toBeGreaterThan(400);
});

it('normals have the moments of the standard normal distribution and its tails', () => {
  const numbers = normals(key, COUNT);
  const { mean, variance, third, fourth } = moments(numbers);
  expect(Math.abs(mean)).toBeLessThan(0.01);
  expect(Math.abs(variance - 1)).toBeLessThan(0.015);
  expect(Math.abs(third)).toBeLessThan(0.03);
  expect(Math.abs(fourth - 3)).toBeLessThan(0.1);
  const beyond = (z: number) => numbers.filter((x) => x > z).length / COUNT;
  expect(beyond(1.959964)).toBeCloseTo(0.025, 2);
  expect(beyond(3.090232)).toBeCloseTo(0.001, 3);
});

it('a normal is the quantile of the 52 leading bits of its block', () => {
  const words = randomUint32s(key, 2 * 20_000);
  const numbers = normals(key, 20_000);
  for (let i = 0; i < numbers.length; i++) {
    const p = ((words[2 * i]! >>> 6) * 2 ** 26 + (words[2 * i + 1]! >>> 6) + 0.5) * 2 ** -52;
    expect(Math.abs(normalDistribution(numbers[i]!) - p)).toBeLessThan(1e-13);
  }
});

it('draws are the same bits on every platform and in every version', () => {
  const firstKey = deriveKey(randomKey(7), 'pinned', 1);
  expect([...firstKey]).toMatchInlineSnapshot(`
    [
      4221086119,
      1963073026,
    ]
  `);
  expect([...randomUint32s(firstKey, 3)]).toMatchInlineSnapshot(`
    [
      287196642,
      4149517764,
      1827483640,
    ]
  `);
  expect([...uniforms(firstKey, 3)]).toMatchInlineSnapshot(`
    [
      0.06686818574469455,
      0.4254941924863891,
      0.07833635135176109,
    ]
  `);
  // All bits of 4096 normals, tails included.
  const words = new Uint32Array(normals(firstKey, 4096).buffer);
  expect(
    words.reduce((hash, word) => Math.imul(hash ^ word, 16777619) >>> 0, 2166136261),
  ).toMatchInlineSnapshot(`2689647401`);
});

it('a longer draw begins with the shorter one', () => {
  expect(uniforms(key, 10).subarray(0, 7)).toEqual(uniforms(key, 7));
  expect(normals(key, 10).subarray(0, 7)).toEqual(normals(key, 7));
  expect(randomUint32s(key, 10).subarray(0, 7)).toEqual(randomUint32s(key, 7));
});

it.each([-1, 1.5, Number.NaN, 2 ** 33])('refuses to draw %d numbers', (count) => {
  expect(() => uniforms(key, count)).toThrow(/uniforms: count/);
  expect(() => normals(key, count)).toThrow(/normals: count/);
  expect(() => randomUint32s(key, count)).toThrow(/randomUint32s: count/);
});
