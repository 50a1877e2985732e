import { float64Reference } from '@patchbert/backend-contract';
import { float32Tensor, type HostTensor, type HostTensors, type Tensors } from '@patchbert/ops';
import { adamW, optimiserScalars, signatureOf, trainingStep } from '@patchbert/train/step';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { below, expectValues, goldenJson, goldenTensors } from './golden.ts';

interface AdamCase {
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly lr_per_step: readonly number[];
  readonly max_norm: number | null;
  readonly steps: number;
  readonly weight_decay: number;
}

const cases = Object.entries(goldenJson<Record<string, AdamCase>>('optim', 'config.json'));

describe('the float64 reference agrees with torch.optim.AdamW', () => {
  it('in several settings', () => {
    expect(cases.length).toBeGreaterThanOrEqual(3);
  });

  it.each(cases)('%s', async (name, one) => {
    const golden = goldenTensors('optim', `${name}.safetensors`);
    const [gradients, parameters] = [below('grad.', golden), below('param.', golden)];
    const names = Object.keys(gradients);
    const optimiser = adamW({
      ...{ beta1: one.betas[0], beta2: one.betas[1], epsilon: one.eps, weightDecay: one.weight_decay },
      mask: () => true,
      ...(one.max_norm !== null && { clipNorm: one.max_norm }),
    });
    const start = rowsOf(parameters, 0);
    const state = { ...start, ...optimiser.initialState(start) };
    const batchOf = (step: number): HostTensors => ({
      ...Object.fromEntries(
        Object.entries(rowsOf(gradients, step - 1)).map(([key, row]) => [`given.${key}`, row]),
      ),
      ...optimiserScalars(optimiser, step, one.lr_per_step[step - 1]!),
    });
    // A loss whose gradient is what the fixture recorded.
    const loss = (tensors: Tensors, batch: Tensors) =>
      tf.addN(names.map((key) => tf.sum(tf.mul(tensors[key]!, batch[`given.${key}`]!)))) as tf.Scalar;
    const backend = await float64Reference.create();
    const step = trainingStep({ loss }, optimiser, names);
    const program = await backend.compile(step, signatureOf(state, batchOf(1)));
    await program.writeState(state);
    for (let at = 1; at <= one.steps; at++) {
      const outputs = await program.run(batchOf(at));
      const now = await program.readState(names);
      const expected = rowsOf(parameters, at);
      for (const key of names) expectValues(now[key], expected[key], `${key} after step ${at}`);
      if (golden.total_norm) {
        expectValues(outputs.gradientNorm, rowOf(golden.total_norm, at - 1), `gradient norm of step ${at}`);
      }
    }
    const moments = await program.readState();
    for (const key of names) {
      expectValues(moments[`adam.mean.${key}`], golden[`exp_avg.${key}`], `mean of ${key}`);
      expectValues(moments[`adam.square.${key}`], golden[`exp_avg_sq.${key}`], `square of ${key}`);
    }
    await backend.dispose();
  });
});

/** Row `row` of every tensor. */
function rowsOf(tensors: HostTensors, row: number): HostTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, rowOf(tensor, row)]));
}

function rowOf({ data, shape }: HostTensor, row: number): HostTensor {
  const size = data.length / shape[0]!;
  return float32Tensor(Float32Array.from(data.slice(row * size, (row + 1) * size)), shape.slice(1));
}
