import { sincosPositions } from '@patchbert/ops';
import { describe, expect, it } from 'vitest';
import { expectOutput, goldenTensors } from './golden.ts';

describe('sincos', () => {
  const golden = goldenTensors('sincos');
  const tables = golden.prefixes('').filter((name) => /^(raw|normalised)\./.test(name));

  it('has both kinds', () => {
    expect(new Set(tables.map((name) => name.split('.')[0]))).toEqual(new Set(['raw', 'normalised']));
  });

  it.each(tables)('%s', (name) => {
    const [rows, width] = golden.shape(name);
    const normalised = name.startsWith('normalised');
    expectOutput(sincosPositions(rows!, width!, { normalised }), golden.values(name));
  });
});
