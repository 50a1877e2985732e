import type { SeriesPoints } from '@patchbert/augment';
import { type Backend, tfjsCpu } from '@patchbert/backend';
import { createSeriesSet, type SeriesSet } from '@patchbert/data';
import { encodeLevels, patchTokens } from '@patchbert/encoder';
import { type AuditFinding, auditLeaks, type RunResults } from '@patchbert/evaluation';
import { float32Tensor, type HostTensors } from '@patchbert/ops';
import { randomKey } from '@patchbert/random';
import {
  channelGroups,
  cutPatches,
  encoderOf,
  everyPlace,
  fitSeriesInputs,
  initialisePretraining,
  inputRows,
  type PretrainingLosses,
  prepareSeries,
  pretrainingPoints,
  type SeriesInputs,
  type SeriesModelChoices,
  type SeriesPretrainingInput,
  seriesEncoderInput,
  seriesModelSchema,
  seriesOfStep,
  seriesPretrainingLoss,
  seriesPretrainingSchema,
  settlePretraining,
  tokenCount,
} from '@patchbert/series';
import { openObjective } from '@patchbert/train';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { pretrainingBatches } from '../src/pretrain/pretraining-batches.ts';

let backend: Backend | undefined;
afterAll(() => backend?.dispose());

const LENGTH = 26;
const CHANNELS = 2;
const tiny = { patchLength: 5, patchStride: 3, width: 8, layers: 1, heads: 2, feedForwardWidth: 8 } as const;

/** Three series of two channels, with gaps. */
const columns = Array.from({ length: 3 * CHANNELS }, (_, i) =>
  Float32Array.from({ length: LENGTH }, (_, t) =>
    (t + 3 * i) % 9 === 4 ? Number.NaN : 10 * (i % 2) + Math.sin(i + (t * (1 + (i % 3))) / 3),
  ),
);
const observed = columns.map((column) => Uint8Array.from(column, (value) => (Number.isNaN(value) ? 0 : 1)));

function setOf(values: readonly Float32Array[]): SeriesSet {
  return createSeriesSet({
    name: 'waves',
    channels: ['a', 'b'],
    series: [0, 1, 2].map((s) => ({ id: `${s}`, values: values.slice(CHANNELS * s, CHANNELS * (s + 1)) })),
  });
}

interface Case {
  readonly losses: Partial<PretrainingLosses>;
  readonly model?: SeriesModelChoices;
  readonly pretraining?: SeriesPretrainingInput;
  /** A way to do it wrong: how the series are scaled, or what becomes of a batch. */
  readonly scaled?: (set: SeriesSet, inputs: SeriesInputs) => SeriesPoints[];
  readonly spoil?: (batch: HostTensors, set: SeriesSet, inputs: SeriesInputs) => HostTensors;
}

const key = randomKey(4);
const nothing = { reconstruction: 0, spectrum: 0, instanceContrast: 0, hierarchicalContrast: 0 };
/** Bent time mixes neighbouring points before any is hidden, so what is hidden are points of the bent series. */
const unbent = { timeWarp: false } as const;

/** What one step of pretraining reads and computes, for other values of the series. */
async function audit({ losses, model = {}, pretraining = {}, scaled = pretrainingPoints, spoil }: Case) {
  backend ??= await tfjsCpu.create();
  const inputs = fitSeriesInputs(setOf(columns), { ...tiny, ...model });
  const config = settlePretraining(
    seriesPretrainingSchema.parse({
      training: { batchSize: 3 },
      keptTokens: 1,
      ...pretraining,
      augmentation: { ...unbent, ...pretraining.augmentation },
      losses: { ...nothing, ...losses },
    }),
    3,
  );
  const batchOf = (values: readonly Float32Array[]) => {
    const set = setOf(values);
    const series = scaled(set, inputs);
    const batch = pretrainingBatches({ series, inputs, config, key })(1);
    return spoil ? spoil(batch, set, inputs) : batch;
  };
  const encoder = encoderOf(inputs);
  const before = batchOf(columns);
  const open = await openObjective({
    backend,
    objective: {
      loss: (parameters, batch) =>
        seriesPretrainingLoss(
          { encoder, channels: channelGroups(inputs), losses: config.losses, temperature: 0.5 },
          parameters,
          batch,
        ),
      evaluate: (parameters, batch) => ({
        tokens: patchTokens(encodeLevels(parameters, encoder, seriesEncoderInput(batch)).output, encoder),
        counted: tf.sum(batch.lossWeight!),
      }),
    },
    parameters: initialisePretraining(inputs, config.losses, randomKey(2)),
    batch: before,
  });
  const run = async (values: readonly Float32Array[], masks?: readonly Uint8Array[]): Promise<RunResults> => {
    const given = values.map((column, c) =>
      column.map((value, point) => (masks![c]![point] ? value : Number.NaN)),
    );
    const batch = batchOf(given);
    const { target: _t, lossWeight: _w, ...seen } = batch;
    return {
      ...(await open.measure(batch)),
      ...Object.fromEntries(Object.entries(seen).map(([name, { data }]) => [name, data])),
    };
  };
  const reconstructs = (losses.reconstruction ?? 0) + (losses.spectrum ?? 0) > 0;
  const seen = Object.keys(before).filter((name) => name !== 'target' && name !== 'lossWeight');
  const hidden = hiddenCells(before, inputs);
  const findings = await auditLeaks({
    run,
    columns,
    observed,
    trials: [
      {
        what: 'points hidden in every view',
        cells: hidden,
        unmoved: [...seen, 'tokens', ...(reconstructs ? [] : ['loss', 'gradientNorm'])],
        ...(reconstructs && { moved: ['loss', 'gradientNorm'] }),
      },
      {
        what: 'one visible point',
        cells: oneOf(hidden.map((marks, c) => marks.map((mark, i) => (mark ? 0 : observed[c]![i]!)))),
        moved: ['patches', 'tokens', 'loss'],
      },
    ],
  });
  open.dispose();
  return findings;
}

/**
 * Which points the encoder is told are hidden, in every view of their series: the last row of each patch. Where the loss counts, they must
 * be among them.
 */
function hiddenCells({ patches, lossWeight }: HostTensors, inputs: SeriesInputs): Uint8Array[] {
  const { model } = inputs;
  const rows = inputRows(model, CHANNELS);
  const width = rows * model.patchLength;
  const tokens = tokenCount(model);
  const groups = channelGroups(inputs);
  const perView = 3 * groups;
  const views = patches!.shape[0]! / perView;
  const order = seriesOfStep(3, 3, 1, key);
  const cells = columns.map(() => new Uint8Array(LENGTH).fill(1));
  for (let view = 0; view < views; view++) {
    for (let s = 0; s < perView; s++) {
      for (let token = 0; token < tokens; token++) {
        for (let p = 0; p < model.patchLength; p++) {
          const point = token * model.patchStride + p;
          if (point >= LENGTH) continue;
          const row = ((view * perView + s) * tokens + token) * width;
          const flag = patches!.data[row + (rows - 1) * model.patchLength + p]!;
          const series = order[Math.floor(s / groups)]!;
          for (let c = 0; c < CHANNELS; c++) {
            // Cells are hidden in all channels at once; a gap of one channel alone is not.
            if (groups > 1 && s % groups !== c) continue;
            if (flag < 1) cells[CHANNELS * series + c]![point] = 0;
          }
        }
      }
    }
  }
  expect(lossWeight!.data.includes(1)).toBe(true);
  return cells.map((marks, c) => {
    // Where a series ends, its cells end: without its last point it would be another series, masked in other places.
    const first = c - (c % CHANNELS);
    const end = Math.max(...observed.slice(first, first + CHANNELS).map((seen) => seen.lastIndexOf(1)));
    return marks.map((mark, i) => (i === end ? 0 : mark & observed[c]![i]!));
  });
}

/** The first marked cell of each column, and no other. */
function oneOf(marks: readonly Uint8Array[]): Uint8Array[] {
  return marks.map((column) => column.map((_, i) => (i === column.indexOf(1) ? 1 : 0)));
}

const failed = (findings: readonly AuditFinding[]) =>
  findings.filter(({ passed }) => !passed).map(({ check, detail }) => `${check}: ${detail}`);

const still = { timeWarp: false, scale: 0, jitter: 0 } as const;
const { losses: lossesSchema } = seriesPretrainingSchema.shape;

describe('pretraining on whole series does not see what is hidden', () => {
  const parts = Object.keys(lossesSchema.unwrap().shape) as (keyof PretrainingLosses)[];
  const { channels, normalise } = seriesModelSchema.shape;
  const cases = parts.flatMap((part) => channels.unwrap().options.map((own) => ({ part, channels: own })));
  it.each(cases)('$part, channels $channels', async ({ part, channels: own }) => {
    const findings = await audit({
      losses: { [part]: 1 },
      model: { channels: own },
      pretraining: { augmentation: still },
    });
    expect(failed(findings)).toEqual([]);
  });

  it.each<[string, Omit<Case, 'losses'>]>([
    ['without differences', { model: { differences: false } }],
    ['a class token', { model: { classToken: true } }],
    ['patches side by side', { model: { patchStride: 5 } }],
    ...normalise
      .unwrap()
      .options.map((own): [string, Omit<Case, 'losses'>] => [
        `scaling ${own}`,
        { model: { normalise: own } },
      ]),
    ['other amplitudes', { pretraining: { augmentation: { scale: 0.3, jitter: 0.1 } } }],
    [
      'other amplitudes, scaled per series',
      { model: { normalise: 'per-series' }, pretraining: { augmentation: { scale: 0.3, jitter: 0.1 } } },
    ],
    ['many hidden', { pretraining: { maskRatio: 0.8, secondMaskRatio: 0.8 } }],
  ])('all losses at once: %s', async (_title, { model, pretraining }) => {
    const findings = await audit({
      losses: { reconstruction: 1, spectrum: 1, instanceContrast: 1, hierarchicalContrast: 1 },
      ...(model && { model }),
      pretraining: { augmentation: still, ...pretraining },
    });
    expect(failed(findings)).toEqual([]);
  });
});

describe('the audit catches', () => {
  const losses = { reconstruction: 1, instanceContrast: 1 };
  const pretraining = { augmentation: still };
  const leak = /^points hidden in every view \+ 1e6: .*points hidden in every view missing: /;

  it('each series scaled by itself before anything is hidden', async () => {
    const scaled: Case['scaled'] = (set, { model, scaler }) =>
      prepareSeries(set, { ...model, normalise: 'per-series' }, scaler);
    expect(failed(await audit({ losses, pretraining, scaled })).join()).toMatch(leak);
  });

  it('tokens that overlap hidden ones, cut before anything is hidden', async () => {
    const spoil: Case['spoil'] = (batch, set, inputs) => {
      const whole = cutPatches(pretrainingPoints(set, inputs), inputs, everyPlace(tokenCount(inputs.model)));
      const [, tokens, width] = whole.shape as [number, number, number];
      const { data, shape } = batch.patches!;
      const order = seriesOfStep(3, 3, 1, key);
      const patches = Float32Array.from(data, (value, i) => {
        const token = Math.floor(i / width) % tokens;
        const series = order[Math.floor(i / (tokens * width)) % 3]!;
        // The flags stay as they are: what is told is not what is shown.
        const isFlag = i % width >= width - inputs.model.patchLength;
        return token % 2 === 0 && !isFlag
          ? whole.data[(series * tokens + token) * width + (i % width)]!
          : value;
      });
      return { ...batch, patches: float32Tensor(patches, shape) };
    };
    expect(failed(await audit({ losses, pretraining, spoil })).join()).toMatch(leak);
  });
});
