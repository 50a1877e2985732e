import type { Backend, BackendAdapter, Signature, Step } from '@patchbert/backend';
import { tfjsCpu } from '@patchbert/backend';
import { float32Tensor, type HostTensors, int32Tensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { expectClose, expectError, expectTrue } from './comparison/expectations.ts';
import {
  accumulate,
  accumulateSignature,
  networkBatch,
  networkState,
  trainNetwork,
  trainNetworkSignature,
} from './fixtures.ts';
import { trainTransformer, transformerInputs, transformerSignature } from './transformer-step.ts';

/** One requirement of the backend contract; `check` throws when the backend does not meet it. */
export interface ContractCase {
  readonly name: string;
  check(adapter: BackendAdapter): Promise<void>;
}

const exact = { absolute: 0, relative: 0 };
const oneStep = { absolute: 2e-5, relative: 2e-5 };
const manySteps = { absolute: 2e-4, relative: 2e-4 };

/**
 * What every backend must do, whatever runs it: bind the cases to any test runner.
 *
 * @example
 * describe('my backend', () => {
 *   for (const { name, check } of backendContract) it(name, () => check(myAdapter));
 * });
 */
export const backendContract: readonly ContractCase[] = [
  withBackend('says that it is available and what engine it runs', async (backend, adapter) => {
    expectTrue((await adapter.isAvailable()).available, 'isAvailable says no');
    expectTrue(
      backend.name === adapter.name,
      `the backend is called ${backend.name}, its adapter ${adapter.name}`,
    );
    expectTrue(backend.capabilities.engine.length > 0, 'capabilities.engine is empty');
  }),
  withBackend('keeps the state between runs, reads it and writes it', async (backend) => {
    const program = await backend.compile(accumulate, accumulateSignature);
    await program.writeState({ sum: vector(1, 2, 3) });
    await program.run({ x: vector(10, 20, 30) });
    expectClose(await program.run({ x: vector(1, 1, 1) }), { before: vector(11, 22, 33) }, exact);
    expectClose(await program.readState(), { sum: vector(12, 23, 34) }, exact);
    await program.writeState({ sum: vector(0, 0, 0) });
    await program.run({ x: vector(5, 6, 7) });
    expectClose(await program.readState(['sum']), { sum: vector(5, 6, 7) }, exact);
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
    expectClose({ ...outputs, ...state }, { before: vector(1, 2, 3), sum: vector(2, 3, 4) }, exact);
    expectClose({ start, x }, { start: vector(1, 2, 3), x: vector(1, 1, 1) }, exact);
  }),
  withBackend('leaves state alone that a step does not return', async (backend) => {
    const evaluate: Step = ({ sum }, { x }) => ({ state: {}, outputs: { product: tf.mul(sum!, x!) } });
    const program = await backend.compile(evaluate, accumulateSignature);
    await program.writeState({ sum: vector(1, 2, 3) });
    for (let i = 0; i < 3; i++) {
      expectClose(await program.run({ x: vector(2, 2, 2) }), { product: vector(2, 4, 6) }, exact);
    }
    expectClose(await program.readState(), { sum: vector(1, 2, 3) }, exact);
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
    const one = float32Tensor(Float32Array.of(1), []);
    const expected = { sum: vector(1, 2, 3), x: vector(4, 5, 6), one, doubled, again: doubled };
    expectClose(await program.run({ x: vector(4, 5, 6) }), expected, exact);
    expectClose(await program.readState(), { sum: vector(4, 5, 6) }, exact);
  }),
  withBackend('takes whole numbers in batches', async (backend) => {
    const step: Step = ({ sum }, { index }) => ({
      state: {},
      outputs: { taken: tf.gather(sum!, index as tf.Tensor1D) },
    });
    const signature: Signature = {
      state: accumulateSignature.state,
      batch: { index: { shape: [4], dtype: 'int32' } },
    };
    const program = await backend.compile(step, signature);
    await program.writeState({ sum: vector(1, 2, 3) });
    const taken = await program.run({ index: int32Tensor(Int32Array.of(2, 0, 0, 1)) });
    expectClose(taken, { taken: vector(3, 1, 1, 2) }, exact);
  }),
  withBackend('trains a small network as the reference does', async (backend) => {
    await compareWithReference(backend, trainNetwork, trainNetworkSignature, networkState(), networkBatch);
  }),
  withBackend('trains a masked transformer block as the reference does', async (backend) => {
    const { state, batch } = transformerInputs();
    await compareWithReference(backend, trainTransformer, transformerSignature(), state, () => batch);
  }),
  withBackend('gives the same bits twice', async (backend) => {
    const finals = [];
    for (const _ of [0, 1]) {
      const program = await backend.compile(trainNetwork, trainNetworkSignature);
      await program.writeState(networkState());
      for (let step = 0; step < 5; step++) await program.run(networkBatch(step));
      finals.push(await program.readState());
    }
    expectClose(finals[0]!, finals[1]!, exact);
  }),
  withBackend('runs two programs side by side', async (backend) => {
    const first = await backend.compile(accumulate, accumulateSignature);
    const second = await backend.compile(trainNetwork, trainNetworkSignature);
    await first.writeState({ sum: vector(0, 0, 0) });
    await second.writeState(networkState());
    for (let step = 0; step < 3; step++) {
      await Promise.all([first.run({ x: vector(1, 2, 3) }), second.run(networkBatch(step))]);
    }
    first.dispose();
    await second.run(networkBatch(3));
    const alone = await backend.compile(trainNetwork, trainNetworkSignature);
    await alone.writeState(networkState());
    for (let step = 0; step < 4; step++) await alone.run(networkBatch(step));
    expectClose(await second.readState(), await alone.readState(), exact);
  }),
  withBackend('refuses a batch that does not fit, and goes on', async (backend) => {
    const program = await backend.compile(accumulate, accumulateSignature);
    await expectError(() => program.run({ x: vector(1, 2, 3) }), 'backend/state-not-set', ['sum']);
    await program.writeState({ sum: vector(0, 0, 0) });
    await expectError(() => program.run({}), 'backend/bad-batch', ['"x"']);
    await expectError(() => program.run({ x: vector(1, 2) }), 'backend/bad-batch', ['[2]', '[3]']);
    await expectError(() => program.run({ x: vector(1, 2, 3), z: vector(1) }), 'backend/bad-batch', ['"z"']);
    const integers = int32Tensor(Int32Array.of(1, 2, 3));
    await expectError(() => program.run({ x: integers }), 'backend/bad-batch', ['int32']);
    await expectError(() => program.writeState({ total: vector(1) }), 'backend/bad-state', ['"total"']);
    await expectError(() => program.writeState({ sum: vector(1) }), 'backend/bad-state', ['[1]']);
    await expectError(() => program.readState(['total']), 'backend/bad-state', ['"total"']);
    await program.run({ x: vector(1, 2, 3) });
    expectClose(await program.readState(), { sum: vector(1, 2, 3) }, exact);
  }),
  withBackend('refuses a second call while one is under way, and any after dispose', async (backend) => {
    const program = await backend.compile(accumulate, accumulateSignature);
    await program.writeState({ sum: vector(0, 0, 0) });
    const running = program.run({ x: vector(1, 2, 3) });
    await expectError(() => program.run({ x: vector(1, 2, 3) }), 'backend/busy');
    await running;
    program.dispose();
    await expectError(() => program.run({ x: vector(1, 2, 3) }), 'backend/disposed');
  }),
  withBackend('holds no more tensors after 200 runs, and none after dispose', async (backend) => {
    const before = tf.memory().numTensors;
    const program = await backend.compile(trainNetwork, trainNetworkSignature);
    await program.writeState(networkState());
    await program.run(networkBatch(0));
    const settled = tf.memory().numTensors;
    for (let step = 0; step < 200; step++) await program.run(networkBatch(step));
    expectTrue(
      tf.memory().numTensors === settled,
      `tensors grew from ${settled} to ${tf.memory().numTensors}`,
    );
    program.dispose();
    expectTrue(
      tf.memory().numTensors === before,
      `${tf.memory().numTensors - before} tensors outlive the program`,
    );
  }),
  {
    name: 'refuses to compile after it was disposed',
    async check(adapter) {
      const backend = await adapter.create();
      const program = await backend.compile(accumulate, accumulateSignature);
      await backend.dispose();
      await expectError(() => backend.compile(accumulate, accumulateSignature), 'backend/disposed');
      await expectError(() => program.readState(), 'backend/disposed');
    },
  },
];

function withBackend(
  name: string,
  check: (backend: Backend, adapter: BackendAdapter) => Promise<void>,
): ContractCase {
  return {
    name,
    async check(adapter) {
      const backend = await adapter.create();
      try {
        await check(backend, adapter);
      } finally {
        await backend.dispose();
      }
    },
  };
}

/** One step close to the reference in loss and every state entry, and twenty steps nearly as close. */
async function compareWithReference(
  backend: Backend,
  step: Step,
  signature: Signature,
  state: HostTensors,
  batch: (step: number) => HostTensors,
): Promise<void> {
  const reference = await tfjsCpu.create();
  try {
    const [tested, expected] = [
      await backend.compile(step, signature),
      await reference.compile(step, signature),
    ];
    await tested.writeState(state);
    await expected.writeState(state);
    for (let index = 0; index < 20; index++) {
      const tolerance = index === 0 ? oneStep : manySteps;
      expectClose(await tested.run(batch(index)), await expected.run(batch(index)), tolerance);
      if (index === 0) expectClose(await tested.readState(), await expected.readState(), tolerance);
    }
    expectClose(await tested.readState(), await expected.readState(), manySteps);
  } finally {
    await reference.dispose();
  }
}

function vector(...values: number[]) {
  return float32Tensor(Float32Array.from(values));
}
