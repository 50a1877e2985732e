import { type AuditFinding, auditLeaks, type LeakTrial, type RunResults } from '@patchbert/evaluation';
import { float32Tensor, type HostTensors } from '@patchbert/ops';
import { randomKey } from '@patchbert/random';
import { openObjective } from '@patchbert/train';
import { describe, expect, it } from 'vitest';
import {
  classificationBatch,
  drawPatchMask,
  forecastingBatch,
  learnedParameters,
  type PatchTSTConfigInput,
  type PatchTSTModel,
  patchtstConfigSchema,
  patchtstObjective,
  pretrainingBatch,
  type RawSeries,
  regressionBatch,
} from '../src/index.ts';
import { engines, startedBackend } from './support/backends.ts';
import { normalTensor, smallModel, smallSeries } from './support/small-models.ts';

const BATCH = 2;
const backend = startedBackend(engines[0]!);

/** All values of a batch as one column, some of them not measured. */
const columns = [Float32Array.from(smallSeries(BATCH).values.data)];
const observed = [Uint8Array.from(columns[0]!, (_, i) => (i % 7 === 3 ? 0 : 1))];
const shape = [BATCH, 20, 2];

function batchOf({ config }: PatchTSTModel, series: RawSeries, mask: Uint8Array): HostTensors {
  switch (config.task) {
    case 'pretrain':
      return pretrainingBatch(config, series, mask);
    case 'classify':
      return classificationBatch(config, series, [0, 2]);
    case 'regress':
      return regressionBatch(config, series, normalTensor([BATCH, 3], 5));
    default:
      return forecastingBatch(config, series, smallSeries(BATCH, 9, 3).values);
  }
}

async function audit(overrides: Partial<PatchTSTConfigInput>) {
  const model = smallModel(overrides);
  const { config, parameters } = model;
  const mask = drawPatchMask(config, BATCH, randomKey(6));
  const make = (values: Float32Array, seen: Uint8Array) =>
    batchOf(model, { values: float32Tensor(values, shape), observed: seen }, mask);
  const before = make(columns[0]!, observed[0]!);
  const open = await openObjective({
    backend: backend(),
    objective: patchtstObjective(config),
    parameters,
    learned: learnedParameters(config),
    batch: before,
  });
  const run = async (
    [values]: readonly Float32Array[],
    masks?: readonly Uint8Array[],
  ): Promise<RunResults> => {
    const batch = make(values!, masks![0]!);
    const inputs = Object.entries(batch).map(([name, { data }]) => [`input.${name}`, data] as const);
    return { ...(await open.measure(batch)), ...Object.fromEntries(inputs) };
  };
  // A hidden patch of the first channel of the first sample.
  const hidden = mask.subarray(0, 5).indexOf(1);
  const inHidden = columns.map((column) =>
    Uint8Array.from(column, (_, i) => (i % 2 === 0 && i < 40 && Math.floor(i / 2 / 4) === hidden ? 1 : 0)),
  );
  const visible = 8 * mask.subarray(0, 5).indexOf(0);
  const trials: readonly LeakTrial[] = [
    {
      what: 'a visible point',
      cells: { start: visible, end: visible + 1 },
      moved: ['input.patches', 'prediction'],
    },
    ...(config.task === 'pretrain'
      ? [{ what: 'a hidden patch', cells: inHidden, unmoved: ['input.patches', 'prediction'] }]
      : []),
  ];
  const findings = await auditLeaks({ run, columns, observed, trials });
  open.dispose();
  return findings;
}

const failed = (findings: readonly AuditFinding[]) =>
  findings.flatMap(({ check, passed }) => (passed ? [] : [check]));

const { task, scaling } = patchtstConfigSchema.shape;
const tasks = task.options.filter((one) => one !== 'encode');
const scalings = scaling.unwrap().options;
/** Scaled as a whole, as Hugging Face does, visible patches tell of the hidden ones. */
const tellsOfHidden = ['a hidden patch + 1e6', 'a hidden patch missing'];

describe('what was not measured moves nothing, whatever stands there', () => {
  it.each(tasks.flatMap((one) => scalings.map((own) => ({ task: one, scaling: own }))))(
    '$task, scaling $scaling',
    async (options) => {
      const expected = options.task === 'pretrain' && options.scaling !== 'none' ? tellsOfHidden : [];
      expect(failed(await audit(options))).toEqual(expected);
    },
  );

  it('because pretraining counts hidden points that were measured, where the mask alone would count the others too', () => {
    const model = smallModel({ task: 'pretrain', scaling: 'none' });
    const mask = drawPatchMask(model.config, BATCH, randomKey(6));
    const series = { values: float32Tensor(columns[0]!, shape), observed: observed[0]! };
    const { target, lossWeight } = batchOf(model, series, mask);
    // Without scaling, what was not measured is the only 0.
    const counted = Array.from(target!.data, (value, i) => (value !== 0 ? mask[Math.floor(i / 4)]! : 0));
    expect([...lossWeight!.data]).toEqual(counted);
    const hidden = 4 * mask.filter((mark) => mark === 1).length;
    expect(counted.filter((one) => one === 1).length).toBeLessThan(hidden);
  });
});
