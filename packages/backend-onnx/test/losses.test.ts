import { type Backend, tfjsCpu } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import {
  attentionPool,
  batchNormalise,
  crossEntropy,
  type HostTensors,
  hierarchicalContrast,
  instanceContrast,
  poolTokens,
  runningStatistics,
  spectralLoss,
} from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A loss or a pooling: its differentiable inputs, its constant ones (in (0, 1)), and what else it gives. */
interface LossCase {
  readonly what: string;
  readonly inputs: readonly (readonly number[])[];
  readonly constants?: readonly (readonly number[])[];
  readonly compute: (inputs: tf.Tensor[], constants: tf.Tensor[]) => tf.Tensor;
}

const kinds = ['mean', 'max', 'deviation', 'last', 'positive'] as const;
/** 0 or 1, of numbers in (0, 1). */
const flags = (x: tf.Tensor) => tf.step(tf.sub(x, 0.4));

const cases: LossCase[] = [
  {
    what: 'crossEntropy',
    inputs: [[6, 4]],
    constants: [[6, 4], [6]],
    compute: ([logits], [target, weight]) => crossEntropy(logits!, tf.softmax(target!), weight!),
  },
  {
    what: 'instanceContrast',
    inputs: [
      [6, 5],
      [6, 5],
    ],
    compute: ([a, b]) => instanceContrast(a!, b!, { temperature: 0.2 }),
  },
  {
    what: 'instanceContrast with excluded pairs',
    inputs: [
      [6, 5],
      [6, 5],
    ],
    constants: [[6, 6]],
    compute: ([a, b], [excluded]) =>
      instanceContrast(a!, b!, { temperature: 0.5, excluded: flags(excluded!) }),
  },
  {
    what: 'batchNormalise by the batch',
    inputs: [[7, 5], [5], [5]],
    compute: ([x, scale, offset]) => batchNormalise(x!, 1e-3, { scale: scale!, offset: offset! }),
  },
  {
    what: 'batchNormalise by constants',
    inputs: [[2, 3, 5]],
    constants: [[5], [5]],
    compute: ([x], [mean, variance]) =>
      batchNormalise(x!, 1e-3, { statistics: { mean: mean!, variance: variance! } }),
  },
  { what: 'poolTokens', inputs: [[3, 6, 4]], compute: ([x]) => poolTokens(x!, kinds) },
  {
    what: 'poolTokens of some tokens',
    inputs: [[3, 6, 4]],
    constants: [[3, 6]],
    compute: ([x], [weight]) => poolTokens(x!, kinds, tf.mul(weight!, flags(weight!))),
  },
  {
    what: 'attentionPool',
    inputs: [[3, 6, 4], [4]],
    constants: [[3, 6]],
    compute: ([x, query], [weight]) => attentionPool(x!, query!, flags(weight!)),
  },
  ...[7, 8].map(
    (length): LossCase => ({
      what: `spectralLoss of ${length} points`,
      inputs: [[3, 2, length]],
      constants: [
        [3, 2, length],
        [3, 2, length],
      ],
      compute: ([x], [target, weight]) => spectralLoss(x!, target!, flags(weight!)),
    }),
  ),
  {
    what: 'hierarchicalContrast',
    inputs: [
      [4, 7, 5],
      [4, 7, 5],
    ],
    compute: ([a, b]) => hierarchicalContrast(a!, b!, { alpha: 0.4 }),
  },
  {
    what: 'hierarchicalContrast of some tokens',
    inputs: [
      [4, 7, 5],
      [4, 7, 5],
    ],
    constants: [[4, 7]],
    compute: ([a, b], [visible]) => hierarchicalContrast(a!, b!, { visible: flags(visible!) }),
  },
  {
    what: 'a head of pooled levels',
    inputs: [
      [8, 6, 4],
      [8, 6, 4],
      [3, 16],
    ],
    constants: [[8, 3]],
    compute: ([first, second, weight], [target]) => {
      const pooled = [first!, second!].map((level) => poolTokens(level, ['mean', 'max']));
      const features = batchNormalise(tf.concat(pooled, 1), 1e-3); // [S, 8] twice -> [S, 16]
      const logits = tf.matMul(features, weight!, false, true); // [S, 16] x [K, 16]^T -> [S, K]
      return crossEntropy(logits, tf.softmax(target!), tf.ones([8]));
    },
  },
];

describe('losses and poolings, compiled', () => {
  let tested: Backend;
  let reference: Backend;
  beforeAll(async () => {
    tested = await onnxCpu.create({ threads: 1 });
    reference = await tfjsCpu.create();
  });
  afterAll(async () => {
    await tested.dispose();
    await reference.dispose();
  });

  const run = async (backend: Backend, one: LossCase) => {
    const batch = inputsOf(one);
    const specs = Object.entries(batch).map(([name, { shape, dtype }]) => [name, { shape, dtype }]);
    const program = await backend.compile(
      (_, tensors) => {
        const inputs = one.inputs.map((__, i) => tensors[`x${i}`]!);
        const constants = (one.constants ?? []).map((__, i) => tensors[`c${i}`]!);
        const weighted = (...x: tf.Tensor[]) => {
          const y = one.compute(x, constants);
          return tf.sum(tf.mul(y, tf.add(tf.square(y), 0.5))) as tf.Scalar;
        };
        const slopes = tf
          .grads(weighted)(inputs)
          .map((slope, i) => [`gradient${i}`, slope]);
        return {
          state: {},
          outputs: { value: one.compute(inputs, constants), ...Object.fromEntries(slopes) },
        };
      },
      { state: {}, batch: Object.fromEntries(specs) },
    );
    const outputs = await program.run(batch);
    program.dispose();
    return outputs;
  };

  it.each(cases.map((one) => [one.what, one] as const))('%s', async (_, one) => {
    const [outputs, expected] = [await run(tested, one), await run(reference, one)];
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, { shape, data }] of Object.entries(expected)) {
      expect(outputs[name]!.shape).toEqual(shape);
      expect(data.every(Number.isFinite)).toBe(true);
      data.forEach((value, index) => {
        expect(Math.abs(outputs[name]!.data[index]! - value), `${name}[${index}]`).toBeLessThanOrEqual(
          1e-5 * (1 + Math.abs(value)),
        );
      });
    }
  });

  it('keeps running statistics as state', async () => {
    const spec = { shape: [3], dtype: 'float32' as const };
    const signature = {
      state: { mean: spec, variance: spec },
      batch: { x: { shape: [4, 3], dtype: 'float32' as const } },
    };
    const state = {
      mean: { ...spec, data: new Float32Array(3) },
      variance: { ...spec, data: Float32Array.of(1, 1, 1) },
    };
    const [compiled, eager] = await Promise.all(
      [tested, reference].map(async (backend) => {
        const program = await backend.compile(({ mean, variance }, { x }) => {
          const next = runningStatistics({ mean: mean!, variance: variance! }, x!, 0.1);
          return { state: { ...next }, outputs: {} };
        }, signature);
        await program.writeState(state);
        for (const seed of [1, 2]) {
          await program.run({ x: { ...signature.batch.x, data: numbers(12, seed, (u) => 2 * u - 1) } });
        }
        const result = await program.readState();
        program.dispose();
        return result;
      }),
    );
    for (const name of ['mean', 'variance']) {
      expect([...compiled![name]!.data]).toEqual(
        [...eager![name]!.data].map((value) => expect.closeTo(value, 5)),
      );
    }
  });
});

function inputsOf({ inputs, constants = [] }: LossCase): HostTensors {
  const tensor = (shape: readonly number[], seed: number, from: (u: number) => number) => ({
    dtype: 'float32' as const,
    shape,
    data: numbers(
      shape.reduce((product, size) => product * size, 1),
      seed,
      from,
    ),
  });
  return Object.fromEntries([
    ...inputs.map((shape, i) => [`x${i}`, tensor(shape, 7 + i, (u) => 2 * u - 1)] as const),
    ...constants.map((shape, i) => [`c${i}`, tensor(shape, 70 + i, (u) => u)] as const),
  ]);
}

function numbers(count: number, seed: number, from: (uniform: number) => number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return from(state / 2 ** 32);
  });
}
