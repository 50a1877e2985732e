import { createFrame } from '@patchbert/data';
import {
  createPreset,
  encoderParameterSpecs,
  headParameterSpecs,
  initialiseParameters,
} from '@patchbert/encoder';
import { parseConfig } from '@patchbert/errors';
import { type AuditFinding, auditLeaks, type RunResults } from '@patchbert/evaluation';
import { float32Tensor, type HostTensors, patchLayout } from '@patchbert/ops';
import { randomKey } from '@patchbert/random';
import { type ForecastingConfig, forecasting, openObjective } from '@patchbert/train';
import { describe, expect, it } from 'vitest';
import { trainingBatches } from '../src/fit/training-batches.ts';
import { type ForecastConfigInput, forecastConfigSchema } from '../src/index.ts';
import { prepareTask } from '../src/task/prepare-task.ts';
import { CONTEXT, HORIZON, testBackend, waves, withColumns } from './support/tiny-forecaster.ts';

const training = forecastConfigSchema.shape.training.unwrap().shape;
const head = forecastConfigSchema.shape.head.unwrap().shape;
const losses = training.loss.unwrap().options;
const kinds = head.kind.unwrap().options;
const headChannels = head.channels.unwrap().options;

const LEVELS = [0.1, 0.5, 0.9];
const rows = 120;
/** Gaps in contexts and in what follows them. */
const frame = withColumns(waves({ rows, channels: ['load', 'flow'] }), (column, c) =>
  column.map((value, row) => ((row + 5 * c) % 9 === 4 ? Number.NaN : value)),
);
const observed = frame.columns.map((column) =>
  Uint8Array.from(column, (value) => (Number.isNaN(value) ? 0 : 1)),
);
/** The training rows hold a single window, so every sample of a batch is of it: the rows to come are known. */
const split = {
  train: { start: 0, end: CONTEXT + HORIZON },
  validation: { start: CONTEXT + HORIZON, end: 80 },
  test: { start: 80, end: rows },
};

interface Case {
  readonly loss: ForecastingConfig['loss'];
  readonly kind?: (typeof kinds)[number];
  readonly channels?: (typeof headChannels)[number];
  readonly config?: ForecastConfigInput;
  readonly leak?: 'context normalised with the rows to come' | 'head that reads the target';
}

async function audit({ loss, kind = 'flatten', channels = 'shared', config: more, leak }: Case) {
  const config = parseConfig(
    forecastConfigSchema,
    {
      horizons: [HORIZON],
      adapt: 'fine-tune',
      head: { kind, channels },
      ...more,
      training: { loss, batchSize: 4, augment: true, ...more?.training },
    },
    'forecast',
  );
  const layout = patchLayout({ contextLength: CONTEXT, patchLength: 4 });
  const { encoder } = createPreset('tiny', {
    width: 8,
    layers: 1,
    heads: 2,
    feedForwardWidth: 8,
    patchLength: layout.patchLength,
    patchCount: layout.patchCount,
  });
  const batchOf = (columns: readonly Float32Array[]): HostTensors => {
    const data = { frame: createFrame({ ...frame, columns }), split };
    const { task } = prepareTask(config, data, CONTEXT);
    const options = {
      horizon: HORIZON,
      config,
      hasGaps: true,
      encoder: { config: encoder, layout, outlierLimit: 10 },
    };
    const batch = trainingBatches(task, options)(1);
    if (leak !== 'context normalised with the rows to come') return batch;
    const { data: patches, shape } = batch.patches!;
    const peak = Math.max(...columns[0]!.filter((value) => !Number.isNaN(value)));
    return {
      ...batch,
      patches: float32Tensor(
        Float32Array.from(patches, (value) => value / peak),
        shape,
      ),
    };
  };
  const before = batchOf(frame.columns);
  const headConfig: ForecastingConfig['head'] = {
    kind,
    dropout: 0,
    horizon: HORIZON,
    channels: channels === 'per-channel' ? frame.channels.length : ('shared' as const),
    exogenousWidth: before.exogenous?.shape[1] ?? 0,
    ...(kind === 'pooled' && { pooling: 'mean' as const }),
    ...(loss === 'quantile' && { quantileLevels: LEVELS }),
  };
  const right = forecasting({ encoder, head: headConfig, loss });
  const open = await openObjective({
    backend: await testBackend(),
    objective:
      leak === 'head that reads the target'
        ? {
            ...right,
            evaluate: (parameters, batch) => {
              const { prediction, ...sums } = right.evaluate(parameters, batch);
              return { ...sums, prediction: prediction!.add(batch.target!.mul(1e-3)) };
            },
          }
        : right,
    parameters: initialiseParameters(
      { ...encoderParameterSpecs(encoder), ...headParameterSpecs(headConfig, encoder) },
      randomKey(1),
    ),
    batch: before,
  });
  const run = async (
    columns: readonly Float32Array[],
    masks?: readonly Uint8Array[],
  ): Promise<RunResults> => {
    const batch = batchOf(
      columns.map((column, c) => column.map((value, row) => (masks![c]![row] ? value : Number.NaN))),
    );
    const { target: _t, lossWeight: _w, ...seen } = batch;
    return {
      ...(await open.measure(batch)),
      ...Object.fromEntries(Object.entries(seen).map(([name, { data }]) => [name, data])),
    };
  };
  const { target: _t, lossWeight: _w, ...seen } = before;
  const findings = await auditLeaks({
    run,
    columns: frame.columns,
    observed,
    trials: [
      {
        what: 'rows to come',
        cells: { start: CONTEXT, end: CONTEXT + HORIZON },
        unmoved: [...Object.keys(seen), 'prediction'],
        moved: ['loss', 'squaredError', 'absoluteError', 'gradientNorm'],
      },
      { what: 'validation and test rows', cells: { start: CONTEXT + HORIZON } },
      {
        what: 'a row of the context',
        cells: { start: CONTEXT - 2, end: CONTEXT - 1 },
        moved: ['patches', 'prediction', 'loss'],
      },
    ],
  });
  open.dispose();
  return findings;
}

const failed = (findings: readonly AuditFinding[]) =>
  findings.filter(({ passed }) => !passed).map(({ check, detail }) => `${check}: ${detail}`);

describe('forecasting objectives do not see the rows to come', () => {
  const cases = losses.flatMap((loss) =>
    kinds.flatMap((kind) => headChannels.map((channels) => ({ loss, kind, channels }))),
  );
  it.each(cases)('$loss, head $kind, $channels', async (one) => {
    expect(failed(await audit(one))).toEqual([]);
  });

  it('without mixing series', async () => {
    expect(failed(await audit({ loss: 'mse', config: { training: { augment: false } } }))).toEqual([]);
  });

  it('with the calendar', async () => {
    expect(failed(await audit({ loss: 'mse', config: { calendar: true } }))).toEqual([]);
  });
});

describe('the audit catches', () => {
  const caught = /^rows to come \+ 1e6: /;
  it.each(['context normalised with the rows to come', 'head that reads the target'] as const)(
    'a %s',
    async (leak) => {
      expect(failed(await audit({ loss: 'mse', leak })).join()).toMatch(caught);
    },
  );
});
