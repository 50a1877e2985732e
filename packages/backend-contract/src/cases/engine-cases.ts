import { type Backend, tfjsCpu } from '@patchbert/backend';
import type { HostTensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { expectSame, expectTrue } from '../comparison/expectations.ts';
import { accumulate, accumulateSignature, vector } from './accumulate.ts';
import { type ContractCase, withBackend } from './contract-case.ts';
import { networkBatch, networkSignature, networkState, trainNetwork } from './small-network.ts';

const HOST_ENGINE = 'patchbert-contract-host';

/** How programs get along: with each other, with other engines, with the host's own tensors. */
export const engineCases: readonly ContractCase[] = [
  withBackend('gives the same bits twice', async (backend) => {
    expectSame(await stateAfter(backend, 5), await stateAfter(backend, 5));
  }),
  withBackend('runs two programs side by side', async (backend) => {
    const first = await backend.compile(accumulate, accumulateSignature);
    const second = await backend.compile(trainNetwork, networkSignature);
    await first.writeState({ sum: vector(0, 0, 0) });
    await second.writeState(networkState());
    for (let step = 0; step < 3; step++) {
      await Promise.all([first.run({ x: vector(1, 2, 3) }), second.run(networkBatch(step))]);
    }
    expectSame(await first.readState(), { sum: vector(3, 6, 9) });
    first.dispose();
    await second.run(networkBatch(3));
    expectSame(await second.readState(), await stateAfter(backend, 4));
  }),
  withBackend(
    'runs side by side with other engines, and leaves the current one of tfjs as it is',
    async (backend) => {
      const other = await tfjsCpu.create();
      try {
        await withHostEngine(() => runBesideOthers(backend, other));
      } finally {
        await other.dispose();
      }
    },
  ),
  withBackend('leaves the tensors of the host alone', async (backend) => {
    const mine = tf.tensor1d([1, 2, 3]);
    const program = await backend.compile(accumulate, accumulateSignature);
    await program.writeState({ sum: vector(0, 0, 0) });
    await program.run({ x: vector(1, 1, 1) });
    program.dispose();
    const values = await mine.data();
    mine.dispose();
    expectTrue([...values].join() === '1,2,3', `a tensor of the host holds ${values}; expected 1,2,3`);
  }),
];

async function runBesideOthers(backend: Backend, other: Backend): Promise<void> {
  const current = tf.getBackend();
  const expectCurrent = (when: string) =>
    expectTrue(
      tf.getBackend() === current,
      `${when}: tfjs' backend is ${tf.getBackend()}; it was ${current}`,
    );
  const programs = await Promise.all(
    [backend, other].map((one) => one.compile(accumulate, accumulateSignature)),
  );
  expectCurrent('after compiling');
  for (const program of programs) await program.writeState({ sum: vector(1, 2, 3) });
  expectCurrent('after writing state');
  for (const before of [vector(1, 2, 3), vector(2, 3, 4)]) {
    const running = programs.map((program) => program.run({ x: vector(1, 1, 1) }));
    expectCurrent('while runs are under way');
    await expectHostTensorsWork();
    for (const outputs of await Promise.all(running)) expectSame(outputs, { before });
    expectCurrent('after runs');
  }
  for (const program of programs) expectSame(await program.readState(), { sum: vector(3, 4, 5) });
  expectCurrent('after reading state');
  for (const program of programs) program.dispose();
  expectCurrent('after disposing');
}

/** Runs `action` while the current engine of tfjs is one that no backend runs on: its cpu engine under another name. */
async function withHostEngine(action: () => Promise<void>): Promise<void> {
  await tf.ready();
  const previous = tf.getBackend();
  tf.copyRegisteredKernels('cpu', HOST_ENGINE);
  tf.registerBackend(HOST_ENGINE, tf.findBackendFactory('cpu'), 0);
  try {
    await tf.setBackend(HOST_ENGINE);
    await action();
  } finally {
    await tf.setBackend(previous);
    tf.removeBackend(HOST_ENGINE);
    for (const { kernelName } of tf.getKernelsForBackend(HOST_ENGINE)) {
      tf.unregisterKernel(kernelName, HOST_ENGINE);
    }
  }
}

async function stateAfter(backend: Backend, steps: number): Promise<HostTensors> {
  const program = await backend.compile(trainNetwork, networkSignature);
  await program.writeState(networkState());
  for (let step = 0; step < steps; step++) await program.run(networkBatch(step));
  const state = await program.readState();
  program.dispose();
  return state;
}

async function expectHostTensorsWork(): Promise<void> {
  const sum = tf.tidy(() => tf.add(tf.tensor1d([1, 2]), 1));
  const values = await sum.data();
  sum.dispose();
  expectTrue([...values].join() === '2,3', `the host's own sum is ${values}; expected 2,3`);
}
