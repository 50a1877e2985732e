import {
  type AuditedForecast,
  auditForecasts,
  compareRuns,
  expectMoved,
  expectUnmoved,
  perturbRows,
  seasonalNaive,
  windowMean,
} from '@patchbert/evaluation';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const origin = 80;
const horizon = 8;
const draw = (name: string) => Float32Array.from(normals(deriveKey(randomKey(3), name), 100));
const columns = [draw('a'), draw('b')];
const contextOf = (column: Float32Array) => column.subarray(0, origin);

async function failures(
  predict: AuditedForecast,
  rest: { observed?: readonly Uint8Array[]; tolerance?: number; columns?: readonly Float32Array[] } = {},
): Promise<string[]> {
  const findings = await auditForecasts({ predict, columns, origin, ...rest });
  return findings.filter(({ passed }) => !passed).map(({ check }) => check);
}

describe('auditForecasts', () => {
  it('passes what looks at its context alone, in words that say what was tried', async () => {
    const findings = await auditForecasts({
      predict: async ([a]) => seasonalNaive(contextOf(a!), horizon, 5),
      columns,
      origin,
    });
    expect(findings).toMatchObject([
      { check: 'the same forecast twice', passed: true, detail: 'nothing moved (1 result)' },
      { check: 'rows to come + 1e6', passed: true },
      { check: 'rows to come missing', passed: true },
      { check: 'control: the context + 1e6 does move the forecast', passed: true },
      { check: 'the data are left as they were', passed: true },
    ]);
  });

  it.each<[string, AuditedForecast]>([
    ['the truth itself', ([a]) => a!.subarray(origin, origin + horizon)],
    ['one row too many', ([a]) => windowMean(a!.subarray(0, origin + 1), horizon)],
    ['the last row alone', ([a]) => windowMean(a!, horizon)],
    ['another channel', ([a, b]) => contextOf(a!).map((value) => value + b![origin + 3]!)],
    ['a scaler fitted on everything', ([a]) => contextOf(a!).map((value) => value / Math.max(...a!))],
  ])('catches %s', async (_name, predict) => {
    expect(await failures(predict)).toEqual(
      expect.arrayContaining(['rows to come + 1e6', 'rows to come missing']),
    );
  });

  it('catches a leak by missing values alone, and one by values that were missing', async () => {
    const counting: AuditedForecast = ([a]) => {
      const seen = a!.filter((value) => !Number.isNaN(value)).length;
      return contextOf(a!).map((value) => value * seen);
    };
    expect(await failures(counting)).toEqual(['rows to come missing']);
    const absent = columns.map((column) => column.slice().fill(Number.NaN, origin));
    const leak: AuditedForecast = ([a]) => windowMean(a!, horizon);
    expect(await failures(leak, { columns: absent })).toEqual(['rows to come + 1e6']);
  });

  it('catches a leak in data too large for an offset of 1e6', async () => {
    const huge = columns.map((column) => column.map((value) => 1e25 * value));
    expect(await failures(([a]) => windowMean(a!, horizon), { columns: huge })).toContain(
      'rows to come + 1e6',
    );
  });

  it('catches fillers of missing values, when there is a mask', async () => {
    const observed = columns.map((column) => Uint8Array.from(column, (_, row) => (row % 7 === 0 ? 0 : 1)));
    const blind: AuditedForecast = ([a]) => windowMean(contextOf(a!), horizon);
    const careful: AuditedForecast = ([a], masks) =>
      windowMean(
        contextOf(a!).map((value, row) => (masks![0]![row] ? value : Number.NaN)),
        horizon,
      );
    expect(await failures(blind, { observed })).toContain('fillers of missing values + 1e6');
    expect(await failures(careful, { observed })).toEqual([]);
  });

  it('does not trust a forecast that sees nothing, that is never the same, or that writes', async () => {
    expect(await failures(() => [1, 2, 3])).toEqual(['control: the context + 1e6 does move the forecast']);
    let calls = 0;
    expect(await failures(([a]) => [a![0]! + calls++])).toContain('the same forecast twice');
    expect(await failures(([a]) => a!.fill(0, origin).slice(0, origin))).toEqual([
      'the data are left as they were',
    ]);
  });

  it('lets a forecast move by rounding when told so', async () => {
    let calls = 0;
    const rounding: AuditedForecast = ([a]) => [a![0]! * (1 + 1e-9 * calls++)];
    expect(await failures(rounding)).toContain('the same forecast twice');
    expect(await failures(rounding, { tolerance: 1e-6 })).toEqual([]);
  });

  it.each([0, 100, -1, 1.5])('refuses origin %d', async (wrong) => {
    await expect(auditForecasts({ predict: () => [], columns, origin: wrong })).rejects.toThrow(
      /the origin is .* of 100 rows/,
    );
  });

  it('refuses columns and masks that do not belong together', async () => {
    const observed = [new Uint8Array(100)];
    await expect(auditForecasts({ predict: () => [], columns, origin, observed })).rejects.toThrow(
      /one mask/,
    );
    const uneven = [columns[0]!, new Float32Array(99)];
    await expect(auditForecasts({ predict: () => [], columns: uneven, origin })).rejects.toThrow(/differ/);
  });
});

describe('perturbRows', () => {
  it('changes every value of its rows in float32, no other, and not its input', () => {
    const value = fc.oneof(
      fc.float({ min: -(2 ** 100), max: 2 ** 100, noNaN: true }),
      fc.constant(Number.NaN),
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 2, maxLength: 20 }),
        fc.nat(),
        fc.constantFrom('nan' as const, 'offset-1e6' as const),
        (values, place, kind) => {
          const column = Float32Array.from(values);
          const start = place % values.length;
          const [changed] = perturbRows([column], { start }, kind);
          expect(column).toEqual(Float32Array.from(values));
          expect(changed!.subarray(0, start)).toEqual(column.subarray(0, start));
          for (let row = start; row < column.length; row++) {
            if (kind === 'nan') expect(changed![row]).toBeNaN();
            else expect(changed![row]).toBeGreaterThan(column.reduce((a, b) => Math.max(a, b || 0), 0));
          }
        },
      ),
      { seed: 8 },
    );
  });

  it('moves a value by 1e6 where values are of the order of 1', () => {
    const [column] = perturbRows([Float32Array.of(1, 0.5, Number.NaN)], { start: 1 }, 'offset-1e6');
    expect([...column!]).toEqual([1, 1_000_000.5, 1_000_000]);
  });

  it.each([{ start: -1 }, { start: 3 }, { start: 1, end: 1 }, { start: 0, end: 4 }, { start: 0.5 }])(
    'refuses %j of 3 rows',
    (rows) => {
      expect(() => perturbRows([new Float32Array(3)], rows, 'nan')).toThrow(/expected whole numbers with/);
    },
  );
});

describe('compareRuns', () => {
  it('says what moved, and by how much', () => {
    const before = { same: [1, Number.NaN, -0], moved: [1, 2], lost: [1], short: [1, 2], gone: [1] };
    const after = { same: [1, Number.NaN, 0], moved: [1, 2.5], lost: [Number.NaN], short: [1], extra: [1] };
    expect(compareRuns(before, after)).toEqual([
      { what: 'same', moved: false, largest: 0 },
      { what: 'moved', moved: true, largest: 0.5 },
      { what: 'lost', moved: true, largest: Number.POSITIVE_INFINITY },
      { what: 'short', moved: true, largest: Number.POSITIVE_INFINITY },
      { what: 'gone', moved: true, largest: Number.POSITIVE_INFINITY },
      { what: 'extra', moved: true, largest: Number.POSITIVE_INFINITY },
    ]);
  });

  it('takes its tolerance relative to the largest number', () => {
    const moved = (tolerance: number) =>
      compareRuns({ a: [100, 1] }, { a: [100, 2] }, { tolerance })[0]!.moved;
    expect([moved(0), moved(0.009), moved(0.01)]).toEqual([true, true, false]);
  });

  it('knows no result named by an object of its own', () => {
    expect(compareRuns({ toString: [1] }, {})).toMatchObject([{ what: 'toString', moved: true }]);
  });
});

describe('findings', () => {
  const comparisons = compareRuns({ loss: [1], weights: [1, 2] }, { loss: [1], weights: [1, 1002] });

  it('name what moved and what did not', () => {
    expect(expectUnmoved('check', comparisons)).toEqual({
      check: 'check',
      passed: false,
      detail: 'weights moved by up to 1.00e+3',
    });
    expect(expectMoved('control', comparisons)).toEqual({
      check: 'control',
      passed: false,
      detail: 'loss did not move',
    });
    expect(expectMoved('control', comparisons.slice(1)).passed).toBe(true);
    expect(expectUnmoved('check', comparisons.slice(0, 1)).passed).toBe(true);
  });

  it('pass on nothing only when something was compared', () => {
    expect([expectUnmoved('check', []).passed, expectMoved('control', []).passed]).toEqual([false, false]);
  });
});
