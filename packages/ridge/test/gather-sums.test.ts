import { type Backend, tfjsCpu } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import { float32Tensor, type HostTensors, type TensorSpec } from '@patchbert/ops';
import { randomKey } from '@patchbert/random';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatherSums, type RidgeSums, type SumsGatherer } from '../src/index.ts';
import { exactSums, largestDifference, type Rows, randomRows, reweighted } from './support/exact-ridge.ts';

const INPUTS = 5;
const TARGETS = 3;
const BATCH = 16;

const float32 = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });
const specs = {
  x: float32(BATCH, INPUTS),
  'ridge.target': float32(BATCH, TARGETS),
  'ridge.weight': float32(BATCH, 1),
};

/** Rows in batches of 16; the last is padded with rows of weight 0 that hold `padding`. */
function batchesOf({ rows, x, y, w }: Rows, padding = 7): HostTensors[] {
  const part = (values: Float64Array, width: number, first: number, filler: number) => {
    const result = new Float32Array(BATCH * width).fill(filler);
    result.set(values.subarray(first * width, (first + BATCH) * width));
    return float32Tensor(result, [BATCH, width]);
  };
  return Array.from({ length: Math.ceil(rows / BATCH) }, (_, i) => ({
    x: part(x, INPUTS, i * BATCH, padding),
    'ridge.target': part(y, TARGETS, i * BATCH, padding),
    'ridge.weight': part(w, 1, i * BATCH, 0),
  }));
}

describe.each([tfjsCpu, onnxCpu])('sums on $name', (adapter) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await adapter.create({ threads: 1 });
  });
  afterAll(() => backend.dispose());

  function open(): Promise<SumsGatherer> {
    return gatherSums(backend, {
      features: (_, { x }) => x as tf.Tensor2D,
      featureCount: INPUTS,
      targetCount: TARGETS,
      batch: specs,
    });
  }

  async function gathered(batches: readonly HostTensors[]): Promise<RidgeSums> {
    const gatherer = await open();
    for (const batch of batches) await gatherer.add(batch);
    const sums = await gatherer.read();
    gatherer.dispose();
    return sums;
  }

  const all = randomRows(randomKey(1), { rows: 70, inputs: INPUTS, targets: TARGETS });

  it('are those of float64, the constant last, padding left out', async () => {
    const sums = await gathered(batchesOf(all));
    const expected = exactSums(all);
    expect(sums).toMatchObject({ features: INPUTS + 1, targets: TARGETS, rows: 70 });
    expect(sums.weight).toBeCloseTo(expected.weight, 9);
    for (const name of ['gram', 'cross', 'squares'] as const) {
      expect(largestDifference(sums[name], expected[name]), name).toBeLessThan(1e-6);
    }
    expect(await gathered(batchesOf(all, 1e6))).toEqual(sums);
  });

  it('leave out rows of weight 0', async () => {
    const some = reweighted(all, (row) => (row % 3 === 0 ? 0 : all.w[row]!));
    const sums = await gathered(batchesOf(some));
    expect(sums.rows).toBe(46);
    expect(largestDifference(sums.gram, exactSums(some).gram)).toBeLessThan(1e-6);
  });

  it('can be read in between, and for the first targets alone', async () => {
    const [first, ...others] = batchesOf(all);
    const gatherer = await open();
    await gatherer.add(first!);
    const early = await gatherer.read();
    for (const batch of others) await gatherer.add(batch);
    const fewer = await gatherer.read(2);
    const whole = await gatherer.read();
    gatherer.dispose();
    expect(early.rows).toBe(BATCH);
    expect(whole.rows).toBe(70);
    expect(fewer).toMatchObject({ targets: 2, gram: whole.gram, weight: whole.weight });
    expect(fewer.squares).toEqual(whole.squares.subarray(0, 2));
    expect([...fewer.cross]).toEqual([...whole.cross].filter((_, i) => i % TARGETS < 2));
  });

  it('come from features that read parameters', async () => {
    const map = Float32Array.from({ length: INPUTS * 2 }, (_, i) => i / 4 - 1);
    const gatherer = await gatherSums(backend, {
      features: ({ map: weights }, { x }) => tf.matMul(x as tf.Tensor2D, weights as tf.Tensor2D), // [S, 5] x [5, 2] -> [S, 2]
      featureCount: 2,
      targetCount: TARGETS,
      parameters: { map: float32Tensor(map, [INPUTS, 2]) },
      batch: specs,
    });
    for (const batch of batchesOf(all)) await gatherer.add(batch);
    const sums = await gatherer.read();
    gatherer.dispose();
    const x = new Float64Array(all.rows * 2);
    for (let i = 0; i < x.length; i++) {
      for (let f = 0; f < INPUTS; f++) x[i]! += all.x[(i >> 1) * INPUTS + f]! * map[f * 2 + (i % 2)]!;
    }
    expect(largestDifference(sums.gram, exactSums({ ...all, inputs: 2, x }).gram)).toBeLessThan(1e-6);
  });

  it('refuse batches without a target or weight of the right shape', async () => {
    const compile = (batch: Record<string, TensorSpec>) =>
      gatherSums(backend, {
        features: (_, { x }) => x as tf.Tensor2D,
        featureCount: INPUTS,
        targetCount: TARGETS,
        batch,
      });
    const { 'ridge.target': target, 'ridge.weight': weight, x } = specs;
    for (const batch of [
      { x, 'ridge.weight': weight },
      { x, 'ridge.target': target },
      { x, 'ridge.target': float32(BATCH, TARGETS + 1), 'ridge.weight': weight },
      { x, 'ridge.target': target, 'ridge.weight': float32(BATCH) },
      { x, 'ridge.target': target, 'ridge.weight': float32(BATCH + 1, 1) },
    ]) {
      await expect(compile(batch)).rejects.toMatchObject({ code: 'ridge/bad-batch' });
    }
  });

  it('refuse a batch that is not the one announced', async () => {
    const gatherer = await open();
    const { x: _x, ...others } = batchesOf(all)[0]!;
    await expect(gatherer.add(others)).rejects.toMatchObject({ code: 'backend/bad-batch' });
    const { 'ridge.target': _target, ...rest } = batchesOf(all)[0]!;
    await expect(gatherer.add(rest)).rejects.toMatchObject({ code: 'backend/bad-batch' });
    gatherer.dispose();
  });
});
