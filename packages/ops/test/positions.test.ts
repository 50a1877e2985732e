import { sincosPositions } from '@patchbert/ops';
import { expect, it } from 'vitest';

it('row 0 is zeros and ones, and every entry lies in [-1, 1]', () => {
  const table = sincosPositions(50, 8, { normalised: false });
  expect([...table.slice(0, 8)]).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  expect(table.every((x) => Math.abs(x) <= 1)).toBe(true);
});

it('is normalised by default: mean 0, standard deviation 1/10', () => {
  const table = sincosPositions(42, 64);
  const mean = table.reduce((sum, x) => sum + x, 0) / table.length;
  const variance = table.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (table.length - 1);
  expect(mean).toBeCloseTo(0, 7);
  expect(Math.sqrt(variance)).toBeCloseTo(0.1, 6);
});

it('refuses an odd width and empty tables', () => {
  expect(() => sincosPositions(4, 7)).toThrow(/width 7 is odd/);
  expect(() => sincosPositions(0, 8)).toThrow(/0 rows of width 8/);
});
