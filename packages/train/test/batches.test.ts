import { createFrame, type Frame, type SeriesSample } from '@patchbert/data';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemblePretrainBatch, type BatchPlan, type PretrainBatch } from '../src/index.ts';
import { prepare, tinyConfig, waves } from './support/tiny-run.ts';

const withoutDecoder = { ...tinyConfig.model, decoder: undefined };

function sample(frame: Frame, start: number, channel: number): SeriesSample {
  return { start, channel, segment: 0, id: start * frame.channels.length + channel };
}

function assemble(plan: BatchPlan, samples: readonly SeriesSample[]): PretrainBatch {
  return assemblePretrainBatch(plan, { samples, purpose: 'training', epoch: 0 });
}

function withValues(frame: Frame, change: (value: number, row: number, channel: number) => number): Frame {
  const columns = frame.columns.map((column, c) => column.map((value, row) => change(value, row, c)));
  return createFrame({ ...frame, columns });
}

/** Row of each point of series `s`: the two oldest of 26 are dropped by patches of 4. */
function rowOf(plan: BatchPlan, { start }: SeriesSample, patch: number, point: number): number {
  return start + plan.layout.dropped + patch * plan.layout.patchLength + point;
}

/** Rows that the mask of the only series hides. */
function hiddenRows(plan: BatchPlan, batch: PretrainBatch): Set<number> {
  const rows = new Set<number>();
  batch.masks.forEach((masked, patch) => {
    for (let p = 0; masked === 1 && p < plan.layout.patchLength; p++) {
      rows.add(rowOf(plan, batch.samples[0]!, patch, p));
    }
  });
  return rows;
}

describe('assemblePretrainBatch', () => {
  it('is a function of seed, epoch and sample: not of batch size, place or earlier batches', () => {
    const { plan } = prepare();
    const samples = [3, 50, 7].flatMap((start) => [
      sample(plan.frame, start, 0),
      sample(plan.frame, start, 1),
    ]);
    const whole = assemble(plan, samples);
    samples.forEach((one, s) => {
      const alone = assemble(plan, [one]);
      for (const name of ['patches', 'target', 'lossWeight'] as const) {
        const size = alone.inputs[name]!.data.length;
        const part = whole.inputs[name]!.data.slice(s * size, (s + 1) * size);
        expect(part).toEqual(alone.inputs[name]!.data);
      }
    });
    const otherEpoch = assemblePretrainBatch(plan, { samples, purpose: 'training', epoch: 1 });
    expect(otherEpoch.masks).not.toEqual(whole.masks);
    expect(assemble(prepare({ seed: 1 }).plan, samples).masks).not.toEqual(whole.masks);
  });

  it('draws the masks of a sample anew when a batch holds it twice', () => {
    const { plan } = prepare({ masking: { geometry: 'random', ratio: 0.5 } });
    const same = Array.from({ length: 12 }, () => sample(plan.frame, 9, 0));
    const { masks } = assemble(plan, same);
    const rows = new Set(same.map((_, s) => masks.slice(s * 6, (s + 1) * 6).join('')));
    expect(rows.size).toBeGreaterThan(1);
  });

  it('shares masks over channels only when asked to', () => {
    const differing = (maskChannels: 'independent' | 'shared') => {
      const { plan } = prepare({ maskChannels });
      const starts = Array.from({ length: 20 }, (_, i) => i);
      return starts.filter((start) => {
        const { masks } = assemble(plan, [sample(plan.frame, start, 0), sample(plan.frame, start, 1)]);
        return masks.slice(0, 6).join() !== masks.slice(6).join();
      }).length;
    };
    expect(differing('shared')).toBe(0);
    expect(differing('independent')).toBeGreaterThan(5);
  });

  it.each(['visible-only', 'zero', 'token'] as const)(
    'lets nothing but the target depend on hidden values (%s)',
    (corruption) => {
      const overrides = corruption === 'visible-only' ? {} : { corruption, model: withoutDecoder };
      const { plan } = prepare(overrides);
      const samples = [sample(plan.frame, 30, 1)];
      const before = assemble(plan, samples);
      const hidden = hiddenRows(plan, before);
      for (const spoil of [(value: number) => value * 1e6 + 1e6, () => Number.NaN]) {
        const frame = withValues(plan.frame, (value, row) => (hidden.has(row) ? spoil(value) : value));
        const after = assemble({ ...plan, frame }, samples);
        const { target: _t, lossWeight: _w, ...seen } = after.inputs;
        const { target: _u, lossWeight: _v, ...seenBefore } = before.inputs;
        const { patches, ...others } = seen;
        const { patches: patchesBefore, ...othersBefore } = seenBefore;
        expect(others).toEqual(othersBefore);
        patches!.data.forEach((value, i) => {
          if (before.masks[Math.floor(i / 4)] === 0) expect(value).toBe(patchesBefore!.data[i]);
          else expect(value).toBe(0);
        });
        expect([...after.means, ...after.scales]).toEqual([...before.means, ...before.scales]);
        expect(after.inputs.target!.data).not.toEqual(before.inputs.target!.data);
      }
    },
  );

  it('weighs hidden, measured points with 1 and everything else with 0; nothing is ever NaN', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(1, 2, 3, Number.NaN), { minLength: 26, maxLength: 26 }),
        fc.constantFrom('visible-only', 'zero', 'token', 'bert'),
        (values, corruption) => {
          const gap = waves();
          const frame = withValues(gap, (value, row, c) => (c === 0 && row < 26 ? values[row]! : value));
          const overrides = corruption === 'visible-only' ? {} : { corruption, model: withoutDecoder };
          const { plan } = prepare(overrides, frame);
          const one = sample(frame, 0, 0);
          const batch = assemble(plan, [one]);
          for (const { data } of Object.values(batch.inputs)) expect(data.every(Number.isFinite)).toBe(true);
          const visible = values.filter((value, row) => {
            const patch = Math.floor((row - 2) / 4);
            return !Number.isNaN(value) && (row < 2 || batch.masks[patch] === 0);
          });
          batch.inputs.lossWeight!.data.forEach((weight, i) => {
            const hidden = batch.masks[Math.floor(i / 4)] === 1;
            const measured = !Number.isNaN(values[i + 2]!);
            expect(weight).toBe(hidden && measured && visible.length > 0 ? 1 : 0);
          });
        },
      ),
      { seed: 5, numRuns: 60 },
    );
  });

  it('attends to no visible patch without a value, and to every patch when there is none with one', () => {
    const gone = withValues(waves(), (value, row, c) =>
      c === 0 && row >= 2 && row < 10 ? Number.NaN : value,
    );
    const { plan } = prepare({ corruption: 'zero', model: withoutDecoder }, gone);
    const { masks, inputs } = assemble(plan, [sample(gone, 0, 0)]);
    expect([...inputs.keyMask!.data]).toEqual([...masks].map((masked, patch) => (patch < 2 ? masked : 1)));
    const empty = withValues(gone, (value, row, c) => (c === 0 && row < 40 ? Number.NaN : value));
    const nothing = assemble({ ...plan, frame: empty }, [sample(empty, 0, 0)]);
    expect(nothing.inputs.keyMask!.data.every((key) => key === 1)).toBe(true);
    expect(nothing.inputs.lossWeight!.data.every((weight) => weight === 0)).toBe(true);
  });

  it('carries no key mask when the data have no gaps', () => {
    const full = withValues(waves(), (value) => (Number.isNaN(value) ? 0 : value));
    expect(Object.keys(prepare({}, full).trainingBatch(1)).sort()).toEqual(
      ['lossWeight', 'masked', 'patches', 'restoreIndex', 'target', 'visibleIndex'].sort(),
    );
  });

  it('does not depend on the unit of a channel', () => {
    const scaled = withValues(waves(), (value) => value * 2 ** -20);
    const [a, b] = [prepare(), prepare({}, scaled)];
    expect(b.trainingBatch(1)).toEqual(a.trainingBatch(1));
  });

  it('clips what lies far outside a flat visible part, and keeps a constant window at 0', () => {
    const flat = withValues(waves(), (value, row, c) => (c === 0 && row < 26 ? 7 : value));
    const { plan } = prepare({}, flat);
    const one = sample(flat, 0, 0);
    const calm = assemble(plan, [one]);
    expect(calm.inputs.target!.data.every((value) => value === 0)).toBe(true);
    const hidden = hiddenRows(plan, calm);
    const burst = withValues(flat, (value, row, c) => (c === 0 && hidden.has(row) ? 50 : value));
    const { target } = assemble({ ...plan, frame: burst }, [one]).inputs;
    expect(Math.max(...target!.data)).toBe(10);
  });

  it('normalises each patch by itself when the target says so', () => {
    const { plan } = prepare({ target: 'per-patch-normalised' });
    const batch = assemble(plan, [sample(plan.frame, 12, 0)]);
    for (let patch = 0; patch < 6; patch++) {
      const target = [...batch.inputs.target!.data.slice(patch * 4, patch * 4 + 4)];
      const mean = target.reduce((sum, value) => sum + value, 0) / 4;
      const variance = target.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4;
      expect(mean).toBeCloseTo(0, 5);
      expect(variance).toBeCloseTo(1, 3);
    }
  });
});

describe('validation windows', () => {
  it('are the same every time, cover every channel and pad with weight 0', () => {
    const [a, b] = [prepare(), prepare()];
    expect(a.validation).toEqual(b.validation);
    const samples = a.validation.batches.flatMap((batch) => batch.samples);
    expect(samples.length % 3).toBe(0);
    expect(new Set(samples.slice(0, a.validation.series).map(({ channel }) => channel))).toEqual(
      new Set([0, 1]),
    );
    const last = a.validation.batches.at(-1)!;
    const counted = a.validation.series - (a.validation.batches.length - 1) * 3;
    expect(last.inputs.lossWeight!.data.slice(counted * 24).every((weight) => weight === 0)).toBe(true);
  });

  it('score only points inside the validation rows when those are short', () => {
    const { validation, splits, plan } = prepare();
    const split = splits[0]!;
    for (const batch of validation.batches) {
      batch.inputs.lossWeight!.data.forEach((weight, i) => {
        const s = Math.floor(i / 24);
        const row = rowOf(plan, batch.samples[s]!, 0, i % 24);
        if (weight > 0) expect(row).toBeGreaterThanOrEqual(split.validation.start);
      });
    }
    expect(validation.rows.start).toBeLessThan(split.validation.start);
    expect(validation.rows.end).toBeLessThanOrEqual(split.validation.end);
  });

  it('are refused when nothing can be scored', () => {
    const frame = withValues(waves(), (value, row) => (row >= 168 ? Number.NaN : value));
    expect(() => prepare({}, frame)).toThrowError(
      expect.objectContaining({ code: 'train/nothing-to-validate' }),
    );
  });
});
