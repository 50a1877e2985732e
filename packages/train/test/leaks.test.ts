import { type Backend, tfjsCpu } from '@patchbert/backend';
import { createFrame, type Frame, type SeriesSample } from '@patchbert/data';
import { initialiseMaskedAutoencoder } from '@patchbert/encoder';
import {
  type AuditFinding,
  auditLeaks,
  compareRuns,
  type LeakTrial,
  type RunResults,
} from '@patchbert/evaluation';
import { float32Tensor, type Masking, maskingSchema } from '@patchbert/ops';
import { randomKey } from '@patchbert/random';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import {
  assemblePretrainBatch,
  type BatchPlan,
  maskedReconstruction,
  type Objective,
  openObjective,
  type PretrainBatch,
  type PretrainConfigInput,
  patchCells,
  pretrainConfigSchema,
} from '../src/index.ts';
import { prepare, tinyConfig, waves } from './support/tiny-run.ts';

let backend: Backend | undefined;
afterAll(() => backend?.dispose());

/** One of each geometry there is: the compiler and the first test ask for those that are new. */
const geometries: Readonly<{ [G in Masking['geometry']]: Masking & { readonly geometry: G } }> = {
  random: { geometry: 'random', ratio: 0.5 },
  block: { geometry: 'block', ratio: 0.4 },
  geometric: { geometry: 'geometric', ratio: 0.5, meanLength: 2 },
  forecast: { geometry: 'forecast', patches: 2 },
  given: { geometry: 'given', masked: [0, 3, 4] },
};
const { corruption, target, maskChannels, remainder, sampling } = pretrainConfigSchema.shape;
const corruptions = corruption.unwrap().options;
const targets = target.unwrap().options;

type Overrides = Partial<PretrainConfigInput>;

function overridesOf(policy: Overrides): Overrides {
  const { decoder: _none, ...model } = tinyConfig.model;
  return policy.corruption && policy.corruption !== 'visible-only' ? { model, ...policy } : policy;
}

/** A way to do it wrong. */
interface Leak {
  readonly objective?: (right: Objective) => Objective;
  readonly batch?: (batch: PretrainBatch, plan: BatchPlan) => PretrainBatch;
}

const sample: SeriesSample = { start: 60, channel: 1, segment: 0, id: 121 };

/** Both channels with gaps, the second one (which is audited) in hidden and in visible patches. */
const frame = createFrame({
  ...waves(),
  columns: waves().columns.map((column, c) =>
    column.map((value, row) => ((row + 3 * c) % 11 === 5 ? Number.NaN : value)),
  ),
});
const observed = frame.columns.map((column) =>
  Uint8Array.from(column, (value) => (Number.isNaN(value) ? 0 : 1)),
);

/** Everything that one series gives, for values and marks of what was measured. */
async function audit(overrides: Overrides, leak: Leak = {}): Promise<readonly AuditFinding[]> {
  backend ??= await tfjsCpu.create();
  const { plan, model } = prepare(overridesOf(overrides), frame);
  const batchOf = (data: Frame): PretrainBatch => {
    const changed = { ...plan, frame: data };
    const batch = assemblePretrainBatch(changed, { samples: [sample], purpose: 'training' });
    return leak.batch ? leak.batch(batch, changed) : batch;
  };
  const before = batchOf(frame);
  const right = maskedReconstruction(model, { spectrumWeight: overrides.spectrumWeight ?? 0 });
  const open = await openObjective({
    backend,
    objective: leak.objective ? leak.objective(right) : right,
    parameters: initialiseMaskedAutoencoder(model, randomKey(1)),
    batch: before.inputs,
  });
  const run = async (
    columns: readonly Float32Array[],
    masks?: readonly Uint8Array[],
  ): Promise<RunResults> => {
    const data = columns.map((column, c) =>
      column.map((value, row) => (masks![c]![row] ? value : Number.NaN)),
    );
    const batch = batchOf(createFrame({ ...frame, columns: data }));
    const { target: _t, lossWeight: _w, ...seen } = batch.inputs;
    return {
      ...(await open.measure(batch.inputs)),
      ...Object.fromEntries(Object.entries(seen).map(([name, { data }]) => [name, data])),
      mean: batch.means,
      scale: batch.scales,
    };
  };
  const findings = await auditLeaks({
    run,
    columns: frame.columns,
    observed,
    trials: trialsOf(plan, before),
  });
  open.dispose();
  return findings;
}

function trialsOf(plan: BatchPlan, { inputs, masks, concealed }: PretrainBatch): readonly LeakTrial[] {
  const cells = (marked: Uint8Array) => patchCells(plan, sample, marked);
  const only = (patch: number) => masks.map((_, i) => (i === patch ? 1 : 0));
  const seen = Object.keys(inputs).filter((name) => name !== 'target' && name !== 'lossWeight');
  const { contextLength } = plan.layout;
  const outside = frame.columns.map((column, c) =>
    Uint8Array.from(column, (_, row) =>
      c === sample.channel && row >= sample.start && row < sample.start + contextLength ? 0 : 1,
    ),
  );
  return [
    {
      what: 'hidden patches',
      cells: cells(concealed),
      unmoved: [...seen, 'mean', 'scale', 'prediction'],
      moved: ['loss', 'squaredError', 'gradientNorm'],
    },
    {
      what: 'one visible patch',
      cells: cells(only(masks.lastIndexOf(0))),
      moved: ['patches', 'mean', 'scale', 'prediction', 'loss'],
    },
    { what: 'other rows and channels', cells: outside },
  ];
}

const failed = (findings: readonly AuditFinding[]) =>
  findings.filter(({ passed }) => !passed).map(({ check, detail }) => `${check}: ${detail}`);

describe('masked reconstruction does not see what is hidden', () => {
  it('(every geometry there is takes part)', () => {
    const known = maskingSchema.options.map(({ shape }) => shape.geometry.value);
    expect(Object.keys(geometries).sort()).toEqual([...known].sort());
  });

  const policies = Object.values(geometries).flatMap((masking) =>
    corruptions.flatMap((own) => targets.map((what) => ({ masking, corruption: own, target: what }))),
  );
  it.each(policies)('$masking.geometry, $corruption, $target', async (policy) => {
    expect(failed(await audit(policy))).toEqual([]);
  });

  it.each<Overrides>([
    ...maskChannels.unwrap().options.map((value) => ({ maskChannels: value })),
    ...remainder.unwrap().options.map((value) => ({ remainder: value })),
    ...sampling.unwrap().options.map((value) => ({ sampling: value })),
    { spectrumWeight: 0.5 },
    { outlierLimit: 2 },
    { model: { ...tinyConfig.model, position: 'none' } },
    { model: { ...tinyConfig.model, normPlacement: 'post' } },
  ])('%j', async (overrides) => {
    expect(failed(await audit(overrides))).toEqual([]);
  });
});

describe('the audit catches', () => {
  const leaks: readonly (readonly [string, Leak])[] = [
    [
      'statistics over the hidden values too',
      {
        batch: (batch) => {
          const { observed: seen, normalised, inputs } = batch;
          const values = normalised.filter((_, i) => seen[i] === 1);
          const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
          const { data, shape } = inputs.patches!;
          const patches = float32Tensor(
            Float32Array.from(data, (value) => value - mean),
            shape,
          );
          return { ...batch, inputs: { ...inputs, patches }, means: batch.means.map((own) => own + mean) };
        },
      },
    ],
    [
      'a visible patch that reaches into a hidden one',
      {
        batch: (batch, { layout: { patchLength } }) => {
          const { data, shape } = batch.inputs.patches!;
          const patches = Float32Array.from(data);
          batch.masks.forEach((mask, patch) => {
            if (mask === 1 || batch.masks[patch + 1] !== 1) return;
            patches[(patch + 1) * patchLength - 1] = batch.normalised[(patch + 1) * patchLength]!;
          });
          return { ...batch, inputs: { ...batch.inputs, patches: float32Tensor(patches, shape) } };
        },
      },
    ],
    [
      'a head that reads the target',
      {
        objective: (right) => ({
          ...right,
          evaluate: (parameters, batch) => {
            const outputs = right.evaluate(parameters, batch);
            return { ...outputs, prediction: tf.add(outputs.prediction!, tf.mul(batch.target!, 1e-3)) };
          },
        }),
      },
    ],
  ];
  it.each(leaks)('%s', async (_title, leak) => {
    const findings = await audit({ masking: geometries.random, corruption: 'zero' }, leak);
    expect(failed(findings).join()).toMatch(/^hidden patches \+ 1e6: .*hidden patches missing: /);
  });

  it('a loss that counts what was never measured, or what pads a batch', async () => {
    const { plan, model } = prepare(overridesOf({}), frame);
    const samples = [sample, { ...sample, start: 80, id: 161 }];
    const weights = Float32Array.of(1, 0);
    const { inputs } = assemblePretrainBatch(plan, { samples, purpose: 'training', weights });
    backend ??= await tfjsCpu.create();
    const open = await openObjective({
      backend,
      objective: maskedReconstruction(model, { spectrumWeight: 0.5 }),
      parameters: initialiseMaskedAutoencoder(model, randomKey(1)),
      batch: inputs,
    });
    const moved = async (change: { readonly [name: string]: (data: ArrayLike<number>) => Float32Array }) => {
      const changed = Object.entries(change).map(([name, values]) => {
        const { data, shape } = inputs[name]!;
        return [name, float32Tensor(values(data), shape)] as const;
      });
      const after = await open.measure({ ...inputs, ...Object.fromEntries(changed) });
      const { prediction: _p, ...sums } = after;
      return compareRuns(before, sums)
        .filter((one) => one.moved)
        .map(({ what }) => what);
    };
    const { prediction: _p, ...before } = await open.measure(inputs);
    const { data: counts } = inputs.lossWeight!;
    const fillers = (data: ArrayLike<number>) =>
      Float32Array.from(data, (value, i) => (counts[i] === 0 ? value + 1e6 : value));
    const paddedSeries = (data: ArrayLike<number>) =>
      Float32Array.from(data, (value, i) => (i < data.length / 2 ? value : value + 1e6));
    expect(await moved({ target: fillers })).toEqual([]);
    expect(await moved({ patches: paddedSeries, target: paddedSeries })).toEqual([]);
    expect(
      await moved({ target: fillers, lossWeight: (data) => new Float32Array(data.length).fill(1) }),
    ).toEqual(expect.arrayContaining(['loss', 'gradientNorm', 'squaredError']));
    open.dispose();
  });
});
