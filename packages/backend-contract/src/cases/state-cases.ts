import type { Signature, Step } from '@patchbert/backend';
import { int32Tensor, scalarTensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { expectSame, expectTrue } from '../comparison/expectations.ts';
import { accumulate, accumulateSignature, vector } from './accumulate.ts';
import { type ContractCase, withBackend } from './contract-case.ts';
import { networkBatch, networkSignature, networkState, trainNetwork } from './small-network.ts';

/** Largest whole number up to which single precision, in which some engines keep whole numbers, holds each one. */
const LARGEST_WHOLE = 2 ** 24;

/** What a program does with state, batches and outputs. */
export const stateCases: readonly ContractCase[] = [
  withBackend(
    'says that it is available, what it is called and what engine it runs',
    async (backend, adapter) => {
      expectTrue((await adapter.isAvailable()).available, 'isAvailable says no');
      expectTrue(
        backend.name === adapter.name,
        `the backend is called ${backend.name}, its adapter ${adapter.name}`,
      );
      expectTrue(backend.capabilities.engine.length > 0, 'capabilities.engine is empty');
      expectTrue(
        backend.capabilities.trains,
        'capabilities.trains is false: the contract is one of training',
      );
    },
  ),
  withBackend('keeps the state between runs, reads it and writes it', async (backend) => {
    const program = await backend.compile(accumulate, accumulateSignature);
    await program.writeState({ sum: vector(1, 2, 3) });
    await program.run({ x: vector(10, 20, 30) });
    expectSame(await program.run({ x: vector(1, 1, 1) }), { before: vector(11, 22, 33) });
    expectSame(await program.readState(), { sum: vector(12, 23, 34) });
    await program.writeState({ sum: vector(0, 0, 0) });
    await program.run({ x: vector(5, 6, 7) });
    expectSame(await program.readState(['sum']), { sum: vector(5, 6, 7) });
  }),
  withBackend('reads and writes single entries of the state and leaves the others alone', async (backend) => {
    const program = await backend.compile(trainNetwork, networkSignature);
    await program.writeState(networkState());
    await program.run(networkBatch(1));
    const before = await program.readState();
    await program.writeState({ bias: vector(1, 2, 3, 4, 5, 6) });
    expectSame(await program.readState(), { ...before, bias: vector(1, 2, 3, 4, 5, 6) });
    expectSame(await program.readState(['second', 'bias']), {
      second: before.second!,
      bias: vector(1, 2, 3, 4, 5, 6),
    });
    expectSame(await program.readState([]), {});
  }),
  withBackend('hands out copies: earlier outputs, state and inputs stay as they were', async (backend) => {
    const program = await backend.compile(accumulate, accumulateSignature);
    const start = vector(1, 2, 3);
    await program.writeState({ sum: start });
    const x = vector(1, 1, 1);
    const outputs = await program.run({ x });
    const state = await program.readState();
    await program.run({ x: vector(9, 9, 9) });
    await program.run({ x: vector(9, 9, 9) });
    expectSame({ ...outputs, ...state }, { before: vector(1, 2, 3), sum: vector(2, 3, 4) });
    expectSame({ start, x }, { start: vector(1, 2, 3), x: vector(1, 1, 1) });
  }),
  withBackend(
    'takes copies: what the host does to its arrays afterwards changes nothing',
    async (backend) => {
      const program = await backend.compile(accumulate, accumulateSignature);
      const [start, x] = [vector(1, 2, 3), vector(1, 1, 1)];
      await program.writeState({ sum: start });
      start.data.fill(100);
      const running = program.run({ x });
      expectSame(await running, { before: vector(1, 2, 3) });
      x.data.fill(100);
      const state = await program.readState();
      state.sum!.data.fill(100);
      expectSame(await program.readState(), { sum: vector(2, 3, 4) });
    },
  ),
  withBackend('leaves state alone that a step does not return', async (backend) => {
    const evaluate: Step = ({ sum }, { x }) => ({ state: {}, outputs: { product: tf.mul(sum!, x!) } });
    const program = await backend.compile(evaluate, accumulateSignature);
    await program.writeState({ sum: vector(1, 2, 3) });
    for (let i = 0; i < 3; i++) {
      expectSame(await program.run({ x: vector(2, 2, 2) }), { product: vector(2, 4, 6) });
    }
    expectSame(await program.readState(), { sum: vector(1, 2, 3) });
  }),
  withBackend('hands an input, a constant and one value twice back as outputs', async (backend) => {
    const step: Step = ({ sum }, { x }) => {
      const doubled = tf.mul(x!, 2);
      return {
        state: { sum: x! },
        outputs: { sum: sum!, x: x!, one: tf.scalar(1), doubled, again: doubled },
      };
    };
    const program = await backend.compile(step, accumulateSignature);
    await program.writeState({ sum: vector(1, 2, 3) });
    const doubled = vector(8, 10, 12);
    const expected = {
      sum: vector(1, 2, 3),
      x: vector(4, 5, 6),
      one: scalarTensor(1),
      doubled,
      again: doubled,
    };
    expectSame(await program.run({ x: vector(4, 5, 6) }), expected);
    expectSame(await program.readState(), { sum: vector(4, 5, 6) });
  }),
  withBackend('lets two state entries change places', async (backend) => {
    const step: Step = ({ a, b }, { x }) => ({ state: { a: b!, b: a! }, outputs: { y: tf.add(x!, a!) } });
    const spec = { shape: [3], dtype: 'float32' } as const;
    const program = await backend.compile(step, { state: { a: spec, b: spec }, batch: { x: spec } });
    await program.writeState({ a: vector(1, 2, 3), b: vector(4, 5, 6) });
    expectSame(await program.run({ x: vector(0, 0, 0) }), { y: vector(1, 2, 3) });
    expectSame(await program.run({ x: vector(0, 0, 0) }), { y: vector(4, 5, 6) });
    expectSame(await program.run({ x: vector(0, 0, 0) }), { y: vector(1, 2, 3) });
    expectSame(await program.readState(), { a: vector(4, 5, 6), b: vector(1, 2, 3) });
  }),
  withBackend(
    'runs steps that read no state, not all of their batch, or give no outputs',
    async (backend) => {
      const spec = { shape: [3], dtype: 'float32' } as const;
      const stateless = await backend.compile((_, { x }) => ({ state: {}, outputs: { y: tf.neg(x!) } }), {
        state: {},
        batch: { x: spec, unread: spec },
      });
      const batch = { x: vector(1, 2, 3), unread: vector(7, 8, 9) };
      expectSame(await stateless.run(batch), { y: vector(-1, -2, -3) });
      expectSame(await stateless.readState(), {});
      const silent = await backend.compile(
        ({ sum }, { x }) => ({ state: { sum: tf.add(sum!, x!) }, outputs: {} }),
        accumulateSignature,
      );
      await silent.writeState({ sum: vector(1, 2, 3) });
      expectSame(await silent.run({ x: vector(1, 1, 1) }), {});
      expectSame(await silent.readState(), { sum: vector(2, 3, 4) });
    },
  ),
  withBackend('takes whole numbers in batches, and tells those up to 2^24 apart', async (backend) => {
    const step: Step = ({ sum }, { index }) => ({
      state: {},
      outputs: {
        taken: tf.gather(sum!, index as tf.Tensor1D),
        same: index!,
        next: tf.add(index!, tf.scalar(1, 'int32')),
      },
    });
    const signature: Signature = {
      state: accumulateSignature.state,
      batch: { index: { shape: [4], dtype: 'int32' } },
    };
    const program = await backend.compile(step, signature);
    await program.writeState({ sum: vector(1, 2, 3) });
    const index = int32Tensor(Int32Array.of(2, 0, 0, 1));
    const next = int32Tensor(Int32Array.of(3, 1, 1, 2));
    expectSame(await program.run({ index }), { taken: vector(3, 1, 1, 2), same: index, next });
    const large = await backend.compile(
      (_, { n }) => ({ state: {}, outputs: { next: tf.add(n!, tf.scalar(1, 'int32')) } }),
      { state: {}, batch: { n: { shape: [3], dtype: 'int32' } } },
    );
    const n = int32Tensor(Int32Array.of(LARGEST_WHOLE - 2, -LARGEST_WHOLE, -1));
    expectSame(await large.run({ n }), {
      next: int32Tensor(Int32Array.of(LARGEST_WHOLE - 1, 1 - LARGEST_WHOLE, 0)),
    });
  }),
];
