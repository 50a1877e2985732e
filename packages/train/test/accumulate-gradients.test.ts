import { type Backend, tfjsCpu } from '@patchbert/backend';
import { float32Tensor, type HostTensors, weightedMeanSquaredError } from '@patchbert/ops';
import { normals, randomKey } from '@patchbert/random';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accumulateGradients,
  adamW,
  constant,
  fit,
  type GradientTransform,
  loadCheckpoint,
  type Objective,
  optimiserScalars,
  type PretrainConfigInput,
  signatureOf,
  trainingStep,
} from '../src/index.ts';
import { tinyConfig, tinyRun } from './support/tiny-run.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await tfjsCpu.create();
});
afterAll(async () => backend.dispose());

/** Least squares over the rows that count. */
const regression: Pick<Objective, 'loss'> = {
  loss: ({ w }, { x, y, weight }) =>
    weightedMeanSquaredError(tf.matMul(x! as tf.Tensor2D, w! as tf.Tensor2D), y!, weight!),
};

const rows = 12;
const x = Float32Array.from(normals(randomKey(1), rows * 3));
const y = Float32Array.from(normals(randomKey(2), rows));
/** Rows count unevenly: 1, 3 and 4 of the four of each part. */
const weight = Float32Array.of(1, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1);

function part(first: number, count: number): HostTensors {
  return {
    x: float32Tensor(x.slice(3 * first, 3 * (first + count)), [count, 3]),
    y: float32Tensor(y.slice(first, first + count), [count, 1]),
    weight: float32Tensor(weight.slice(first, first + count), [count, 1]),
  };
}

const parameters: HostTensors = { w: float32Tensor(Float32Array.of(0.1, -0.2, 0.3), [3, 1]) };

async function trained(
  optimiser: GradientTransform,
  batchOf: (step: number) => HostTensors,
  lastStep: number,
): Promise<readonly HostTensors[]> {
  const state = { ...parameters, ...optimiser.initialState(parameters) };
  const batch = { ...batchOf(1), ...optimiserScalars(optimiser, 1, 0) };
  const program = await backend.compile(
    trainingStep(regression, optimiser, ['w']),
    signatureOf(state, batch),
  );
  await program.writeState(state);
  const states: HostTensors[] = [];
  await fit({
    program,
    optimiser,
    schedule: constant(0.05),
    firstStep: 1,
    lastStep,
    makeBatch: batchOf,
    onStep: async () => void states.push(await program.readState()),
  });
  program.dispose();
  return states;
}

const adam = () => adamW({ clipNorm: 1, weightDecay: 0.1 });
const gathered = (step: number) => part(4 * ((step - 1) % 3), 4);
const counts = (step: number) => [1, 3, 4][(step - 1) % 3]!;

describe('accumulateGradients', () => {
  it('updates as one batch of all samples does, however unevenly they count', async () => {
    const whole = await trained(adam(), () => part(0, rows), 4);
    const parts = await trained(accumulateGradients(adam(), { every: 3, weight: counts }), gathered, 12);
    whole.forEach((state, update) => {
      for (const [name, { data }] of Object.entries(state)) {
        data.forEach((value, i) => {
          expect(parts[3 * update + 2]![name]!.data[i]).toBeCloseTo(value, 6);
        });
      }
    });
  });

  it('changes no bit of weights and moments between updates, and starts each window from zero', async () => {
    const states = await trained(accumulateGradients(adam(), { every: 3, weight: counts }), gathered, 9);
    const kept = ({ w, 'adam.mean.w': mean, 'adam.square.w': square }: HostTensors) => ({ w, mean, square });
    for (const step of [4, 5, 7, 8]) expect(kept(states[step - 1]!)).toEqual(kept(states[step - 2]!));
    expect(kept(states[5]!)).not.toEqual(kept(states[4]!));
    expect(states[4]!['accumulation.weight']!.data[0]).toBe(4);
    expect(states[5]!['accumulation.weight']!.data[0]).toBe(0);
    expect([...states[5]!['accumulation.sum.w']!.data]).toEqual([0, 0, 0]);
  });

  it('refuses a number of steps that is none', () => {
    for (const every of [0, 1.5, Number.NaN]) {
      expect(() => accumulateGradients(adam(), { every })).toThrow('every is');
    }
  });
});

describe('accumulateSteps of a run', () => {
  const whole = { ...tinyConfig, steps: 4, batchSize: 6, validateEvery: 4 } as const;
  const run = async (config: PretrainConfigInput) => {
    const { checkpoint, evaluation } = await tinyRun({ config });
    return { error: evaluation!.errors[0]!.maskedError, ...(await loadCheckpoint(checkpoint)) };
  };

  it('learns what batches of twice the size teach, with values missing', async () => {
    const expected = await run(whole);
    const actual = await run({ ...whole, batchSize: 3, steps: 8, accumulateSteps: 2, validateEvery: 8 });
    expect(actual.error).toBeCloseTo(expected.error, 5);
    for (const [name, { data }] of Object.entries(expected.parameters)) {
      // The loss does not depend on it: Adam turns rounding into steps there.
      if (name.endsWith('key.bias')) continue;
      data.forEach((value, i) => {
        expect(Math.abs(actual.parameters[name]!.data[i]! - value)).toBeLessThan(1e-3);
      });
    }
  });

  it('must divide the steps, so that none is lost', async () => {
    const attempt = tinyRun({ config: { ...tinyConfig, steps: 8, accumulateSteps: 3 } });
    await expect(attempt).rejects.toMatchObject({
      code: 'config/invalid',
      message: expect.stringMatching(/steps.*expected a multiple of accumulateSteps/),
    });
  });
});
