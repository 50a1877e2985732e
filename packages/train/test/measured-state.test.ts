import { type Program, tfjsCpu } from '@patchbert/backend';
import { float32Tensor, type HostTensors, scalarTensor, type Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  chain,
  clipByGlobalNorm,
  evaluationStep,
  type MeasuringObjective,
  optimiserScalars,
  scaleByLearningRate,
  signatureOf,
  trainingStep,
} from '../src/index.ts';

/** Learns a slope of inputs less their mean; the mean that predictions take off is a running one. */
const slope: MeasuringObjective = {
  loss({ weight, runningMean }, { x, y }) {
    const mean = tf.mean(x!);
    const error = tf.sub(tf.mul(tf.sub(x!, mean), weight!), y!);
    return {
      loss: tf.mean(tf.square(error)) as tf.Scalar,
      measured: { runningMean: tf.add(tf.mul(runningMean!, 0.5), tf.mul(mean, 0.5)) },
    };
  },
  evaluate: ({ weight, runningMean }: Tensors, { x }: Tensors) => ({
    prediction: tf.mul(tf.sub(x!, runningMean!), weight!),
  }),
};

const state: HostTensors = { weight: scalarTensor(0), runningMean: scalarTensor(0) };
const inputs = {
  x: float32Tensor(Float32Array.of(9, 10, 11, 12)),
  y: float32Tensor(Float32Array.of(-3, -1, 1, 3)),
};
const optimiser = chain(clipByGlobalNorm(100), scaleByLearningRate());

let backend: Awaited<ReturnType<typeof tfjsCpu.create>>;
beforeAll(async () => {
  backend = await tfjsCpu.create();
});
afterAll(async () => backend.dispose());

async function compiled(): Promise<{ program: Program; batch: HostTensors }> {
  const batch = { ...inputs, ...optimiserScalars(optimiser, 1, 0.1) };
  const step = trainingStep(slope, optimiser, ['weight']);
  const program = await backend.compile(step, signatureOf(state, batch));
  await program.writeState(state);
  return { program, batch };
}

describe('trainingStep with a measuring objective', () => {
  it('writes back what was measured, step after step, and keeps it from the optimiser', async () => {
    const { program, batch } = await compiled();
    const means: number[] = [];
    for (let step = 0; step < 3; step++) {
      const { gradientNorm } = await program.run(batch);
      const { runningMean, weight } = await program.readState();
      means.push(runningMean!.data[0]!);
      if (step === 0) {
        // Of the slope alone: d mean((x - 10.5) w - y)^2 / dw at w = 0 is -5, so a mean among the parameters would add to it.
        expect(gradientNorm!.data[0]).toBeCloseTo(5, 5);
        expect(weight!.data[0]).toBeCloseTo(0.5, 5);
      }
    }
    expect(means).toEqual([5.25, 7.875, 9.1875]);
  });

  it('leaves no tensor behind', async () => {
    const { program, batch } = await compiled();
    await program.run(batch);
    const before = tf.memory().numTensors;
    await program.run(batch);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('evaluates with the measured state', async () => {
    const program = await backend.compile(evaluationStep(slope), signatureOf(state, { x: inputs.x }));
    await program.writeState({ weight: scalarTensor(2), runningMean: scalarTensor(10) });
    const { prediction } = await program.run({ x: inputs.x });
    expect([...prediction!.data]).toEqual([-2, 0, 2, 4]);
  });
});
