import {
  type AuditedRun,
  auditLeaks,
  type LeakAudit,
  type LeakTrial,
  perturbCells,
} from '@patchbert/evaluation';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import { describe, expect, it } from 'vitest';

const draw = (name: string) => Float32Array.from(normals(deriveKey(randomKey(5), name), 60));
const columns = [draw('a'), draw('b')];
const PATCH = 6;
/** Patches 2, 5 and 6 of ten are hidden. */
const hidden = [2, 5, 6];
const cells = columns.map(({ length }) =>
  Uint8Array.from({ length }, (_, row) => (hidden.includes(Math.floor(row / PATCH)) ? 1 : 0)),
);
const observed = columns.map(({ length }) =>
  Uint8Array.from({ length }, (_, row) => (row % 7 === 3 ? 0 : 1)),
);

function moments(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, scale: Math.sqrt(variance + 1e-5) };
}

interface Mistakes {
  /** Statistics over the hidden points too. */
  readonly normalisesFirst?: boolean;
  /** Patches twice as long as their distance. */
  readonly overlaps?: boolean;
  /** The reconstruction looks at what it should reconstruct. */
  readonly readsTarget?: boolean;
  /** The loss counts what was never measured. */
  readonly countsFillers?: boolean;
}

/** Masked reconstruction by the mean of the visible points, with a mistake or without. */
function reconstruction(mistakes: Mistakes = {}): AuditedRun {
  return ([column], masks) => {
    const values = [...column!];
    const seen = values.map((value, row) => !Number.isNaN(value) && masks?.[0]?.[row] !== 0);
    const isVisible = (row: number) => seen[row] && cells[0]![row] === 0;
    const counted = values.filter((_, row) => (mistakes.normalisesFirst ? seen[row] : isVisible(row)));
    const { mean, scale } = moments(counted);
    const scaled = values.map((value, row) => (seen[row] ? (value - mean) / scale : 0));
    const width = mistakes.overlaps ? 2 * PATCH : PATCH;
    const visiblePatches = Array.from({ length: 10 }, (_, patch) => patch).filter(
      (patch) => !hidden.includes(patch),
    );
    const input = visiblePatches.flatMap((patch) => scaled.slice(patch * PATCH, patch * PATCH + width));
    const prediction = values.map((_, row) => (mistakes.readsTarget ? 0.5 * scaled[row]! : scaled[0]!));
    const errors = values.flatMap((value, row) => {
      if (cells[0]![row] === 0 || (!seen[row] && !mistakes.countsFillers)) return [];
      const truth = mistakes.countsFillers ? (value - mean) / scale : scaled[row]!;
      return [(truth - prediction[row]!) ** 2];
    });
    return { input, statistics: [mean, scale], prediction, loss: [moments(errors).mean] };
  };
}

const trials: readonly LeakTrial[] = [
  {
    what: 'hidden patches',
    cells,
    unmoved: ['input', 'statistics', 'prediction'],
    moved: ['loss'],
  },
  {
    what: 'one visible patch',
    cells: { start: 0, end: PATCH },
    moved: ['input', 'statistics', 'prediction', 'loss'],
  },
];

async function failures(run: AuditedRun, rest: Partial<LeakAudit> = {}): Promise<string[]> {
  const findings = await auditLeaks({ columns, run, trials, ...rest });
  return findings.filter(({ passed }) => !passed).map(({ check }) => check);
}

describe('auditLeaks', () => {
  it('passes what is right, and says what was tried', async () => {
    const findings = await auditLeaks({ columns, observed, run: reconstruction(), trials });
    expect(findings.map(({ check }) => check)).toEqual([
      'the same results twice',
      'hidden patches + 1e6',
      'hidden patches missing',
      'control: hidden patches + 1e6 do move it',
      'control: one visible patch + 1e6 do move it',
      'fillers of missing values + 1e6',
      'fillers of missing values NaN',
      'the data are left as they were',
    ]);
    expect(findings.filter(({ passed }) => !passed)).toEqual([]);
  });

  it.each<[string, Mistakes, string[]]>([
    [
      'statistics taken before masking',
      { normalisesFirst: true },
      ['hidden patches + 1e6', 'hidden patches missing'],
    ],
    ['patches that overlap', { overlaps: true }, ['hidden patches + 1e6', 'hidden patches missing']],
    [
      'a head that reads the target',
      { readsTarget: true },
      ['hidden patches + 1e6', 'hidden patches missing'],
    ],
  ])('catches %s', async (_title, mistakes, expected) => {
    expect(await failures(reconstruction(mistakes))).toEqual(expected);
  });

  it('catches a loss over what was never measured', async () => {
    expect(await failures(reconstruction({ countsFillers: true }), { observed })).toEqual([
      'fillers of missing values + 1e6',
      'fillers of missing values NaN',
    ]);
  });

  it('catches a scaler fitted on everything, and not one fitted on the training rows', async () => {
    const scaled =
      (rows: number): AuditedRun =>
      (given) => ({
        scaler: given.flatMap((column) => Object.values(moments([...column.subarray(0, rows)]))),
        score: [...given[0]!.subarray(45)],
      });
    const split: readonly LeakTrial[] = [
      { what: 'test rows', cells: { start: 45 }, unmoved: ['scaler'], moved: ['score'] },
      { what: 'training rows', cells: { start: 0, end: 9 }, moved: ['scaler'] },
    ];
    expect(await failures(scaled(40), { trials: split })).toEqual([]);
    expect(await failures(scaled(60), { trials: split })).toEqual(['test rows + 1e6', 'test rows missing']);
  });

  it('makes a value missing in the mask too', async () => {
    const counting: AuditedRun = (_, masks) => ({ seen: [masks![0]!.filter((one) => one === 1).length] });
    const rows: readonly LeakTrial[] = [
      { what: 'the end', cells: { start: 50 } },
      { what: 'nothing', cells: { start: 0 }, moved: ['seen'] },
    ];
    expect(await failures(counting, { observed, trials: rows })).toEqual([
      'the end missing',
      'control: nothing + 1e6 do move it',
    ]);
  });

  it('does not trust a run that is blind, never the same, or writes', async () => {
    const steady = reconstruction();
    expect(await failures(async (given) => ({ ...(await steady(given)), loss: [1] }))).toEqual([
      'control: hidden patches + 1e6 do move it',
      'control: one visible patch + 1e6 do move it',
    ]);
    let calls = 0;
    expect(await failures(async (given) => ({ ...(await steady(given)), calls: [calls++] }))).toEqual([
      'the same results twice',
    ]);
    const writing: AuditedRun = (given) => {
      const results = steady(given);
      given[1]!.fill(0);
      return results;
    };
    expect(await failures(writing)).toEqual(['the data are left as they were']);
  });

  it('reads results before the next run may change them', async () => {
    const shared = new Float32Array(1);
    const reusing: AuditedRun = ([column]) => {
      shared[0] = column![0]!;
      return { shared };
    };
    const rows: readonly LeakTrial[] = [
      { what: 'the first row', cells: { start: 0, end: 1 }, unmoved: ['shared'], moved: ['shared'] },
    ];
    expect(await failures(reusing, { trials: rows })).toEqual([
      'the first row + 1e6',
      'the first row missing',
    ]);
  });

  it.each<[string, Partial<LeakAudit>, RegExp]>([
    ['no control', { trials: [{ what: 'the end', cells: { start: 50 } }] }, /no trial says what must move/],
    [
      'a result that is not there',
      { trials: [{ what: 'the end', cells: { start: 50 }, moved: ['los'] }] },
      /"los"; the run gives input, statistics, prediction, loss/,
    ],
    [
      'no value that is changed',
      { trials: [{ what: 'nothing', cells: columns.map(() => new Uint8Array(60)), moved: ['loss'] }] },
      /nothing: no value is marked/,
    ],
    [
      'marks of other data',
      { trials: [{ what: 'x', cells: [new Uint8Array(3)], moved: ['loss'] }] },
      /x: marks/,
    ],
    ['a mask of other data', { observed: [new Uint8Array(60)] }, /the mask: marks/],
    ['a mask without a gap', { observed: columns.map(() => new Uint8Array(60).fill(1)) }, /leave it out/],
    [
      'rows that are not there',
      { trials: [{ what: 'x', cells: { start: 60 }, moved: ['loss'] }] },
      /do not fit/,
    ],
  ])('refuses %s', async (_title, rest, message) => {
    await expect(auditLeaks({ columns, run: reconstruction(), trials, ...rest })).rejects.toThrow(message);
  });
});

describe('perturbCells', () => {
  it('changes what is marked and nothing else', () => {
    const given = [Float32Array.of(1, Number.NaN, 3), Float32Array.of(4, 5, 6)];
    const marks = [Uint8Array.of(0, 1, 0), Uint8Array.of(1, 0, 0)];
    expect(perturbCells(given, marks, 'nan').map((column) => [...column])).toEqual([
      [1, Number.NaN, 3],
      [Number.NaN, 5, 6],
    ]);
    expect(perturbCells(given, marks, 'offset-1e6').map((column) => [...column])).toEqual([
      [1, 3e6, 3],
      [6_000_004, 5, 6],
    ]);
    expect(given[1]).toEqual(Float32Array.of(4, 5, 6));
    expect(() => perturbCells(given, marks.slice(1), 'nan')).toThrow(/one mark for each value/);
  });
});
