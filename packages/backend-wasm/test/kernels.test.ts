import type { Signature, Step } from '@patchbert/backend';
import { tfjsCpu } from '@patchbert/backend';
import { adapters, tfjsWasm, tfjsWasmFrom } from '@patchbert/backend-wasm';
import { float32Tensor, type HostTensors, int32Tensor } from '@patchbert/ops';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

const spec = (...shape: number[]) => ({ shape, dtype: 'float32' as const });
const waves = (shape: number[], scale = 1) =>
  float32Tensor(
    Float32Array.from(
      { length: shape.reduce((product, length) => product * length, 1) },
      (_, index) => scale * Math.sin(1 + index),
    ),
    shape,
  );

/** What a step makes of its inputs on an engine. */
async function outputsOn(adapter: typeof tfjsWasm, step: Step, signature: Signature, batch: HostTensors) {
  const backend = await adapter.create();
  try {
    const program = await backend.compile(step, signature);
    return await program.run(batch);
  } finally {
    await backend.dispose();
  }
}

test('the gradient of a gather adds up rows that were taken several times, as tfjs-cpu does', async () => {
  const step: Step = (_, { table, index, weight }) => {
    const { grad } = tf.valueAndGrad((rows: tf.Tensor) =>
      tf.sum(tf.mul(weight!, tf.square(tf.gather(rows, index as tf.Tensor1D)))),
    )(table!);
    return { state: {}, outputs: { grad } };
  };
  const batch = {
    table: waves([5, 2, 3]),
    index: int32Tensor(Int32Array.of(4, 0, 0, 2, 4, 4, 2)),
    weight: waves([7, 2, 3], 0.5),
  };
  const signature: Signature = {
    state: {},
    batch: { table: spec(5, 2, 3), index: { shape: [7], dtype: 'int32' }, weight: spec(7, 2, 3) },
  };
  const expected = await outputsOn(tfjsCpu, step, signature, batch);
  const actual = await outputsOn(tfjsWasm, step, signature, batch);
  expect(actual.grad!.shape).toEqual([5, 2, 3]);
  actual.grad!.data.forEach((value, place) => {
    expect(value).toBeCloseTo(expected.grad!.data[place]!, 5);
  });
  // Rows that were not taken.
  expect(actual.grad!.data.slice(6, 12)).toEqual(new Float32Array(6));
});

test('sums of segments leave out rows whose number is none of them', async () => {
  const ids = Int32Array.of(1, -1, 1, 7, 0);
  const step: Step = (_, { x, id }) => ({
    state: {},
    outputs: { sums: tf.unsortedSegmentSum(x!, id as tf.Tensor1D, 3) },
  });
  const batch = { x: float32Tensor(Float32Array.of(1, 2, 4, 8, 16)), id: int32Tensor(ids) };
  const signature: Signature = { state: {}, batch: { x: spec(5), id: { shape: [5], dtype: 'int32' } } };
  for (const adapter of [tfjsWasm, tfjsCpu]) {
    const { sums } = await outputsOn(adapter, step, signature, batch);
    expect(sums!.data).toEqual(Float32Array.of(16, 5, 0));
  }
});

test('a kernel that WebAssembly lacks is named when the step is compiled', async () => {
  const step: Step = (_, { x }) => ({ state: {}, outputs: { y: tf.einsum('ij->ji', x!) } });
  const backend = await tfjsWasm.create();
  await expect(backend.compile(step, { state: {}, batch: { x: spec(2, 3) } })).rejects.toMatchObject({
    code: 'backend/unsupported-kernel',
    message: expect.stringMatching(/"tfjs-wasm" lacks the tfjs kernel "Einsum".*cpu/),
  });
  await backend.dispose();
});

test('memory that does not suffice is an error, and what was there stays as it was', async () => {
  const backend = await tfjsWasm.create();
  const keep: Step = ({ kept }, { x }) => ({ state: { kept: tf.add(kept!, x!) }, outputs: {} });
  const signature: Signature = { state: { kept: spec(3) }, batch: { x: spec(3) } };
  const program = await backend.compile(keep, signature);
  await program.writeState({ kept: float32Tensor(Float32Array.of(1, 2, 3)) });
  const full = { code: 'backend/out-of-memory' };
  // 2, 4 and 8 GiB.
  for (const rows of [2 ** 14, 2 ** 15, 2 ** 16]) {
    const huge: Step = (_, { x }) => ({ state: {}, outputs: { y: tf.max(tf.tile(x!, [rows, 2 ** 14])) } });
    await expect(backend.compile(huge, { state: {}, batch: { x: spec(1, 2) } })).rejects.toMatchObject(full);
  }
  // 1 GiB each, which nobody writes to.
  const engine = tf.findBackend('wasm') as BackendWasm;
  const taken: tf.TensorInfo[] = [];
  expect(() => {
    while (taken.length < 5) taken.push(engine.makeOutput([2 ** 28], 'float32'));
  }).toThrow(expect.objectContaining(full));
  for (const { dataId } of taken) engine.disposeData(dataId);
  await program.run({ x: float32Tensor(Float32Array.of(1, 1, 1)) });
  expect((await program.readState()).kept!.data).toEqual(Float32Array.of(2, 3, 4));
  await backend.dispose();
});

test('says what the processor offers and what is used of it', async () => {
  const backend = await tfjsWasm.create();
  expect(backend.capabilities).toEqual({
    trains: true,
    precision: 'float32',
    engine: 'tfjs-backend-wasm 4.22.0, SIMD, 1 thread',
  });
  await backend.dispose();
  expect(adapters).toEqual([tfjsWasm]);
});

test('addresses that are missing are named', async () => {
  expect(() => tfjsWasmFrom({ plain: 'a.wasm', simd: 'b.wasm' } as never)).toThrow('threadedSimd');
});
