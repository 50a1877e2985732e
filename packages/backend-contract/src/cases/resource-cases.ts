import type { Backend } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import type { HostTensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { errorOf, expectError, expectSame, expectTrue } from '../comparison/expectations.ts';
import { accumulate, accumulateSignature, vector } from './accumulate.ts';
import { type ContractCase, withBackend } from './contract-case.ts';
import { networkBatch, networkSignature, networkState, trainNetwork } from './small-network.ts';

const STEPS = 200;

/** What a backend holds on to, as far as tfjs can tell. */
export const resourceCases: readonly ContractCase[] = [
  withBackend(
    `holds no more tensors and buffers after ${STEPS} training steps than after one`,
    async (backend) => {
      const program = await backend.compile(trainNetwork, networkSignature);
      await program.writeState(networkState());
      await program.run(networkBatch(0));
      const settled = held();
      for (let step = 1; step <= STEPS; step++) await program.run(networkBatch(step));
      expectHeld(settled, `after ${STEPS} steps`);
      await program.readState();
      await program.writeState(networkState());
      expectHeld(settled, 'after the state was read and written');
    },
  ),
  withBackend('holds nothing of a program that was disposed', async (backend) => {
    const before = held();
    await useProgram(backend);
    expectHeld(before, 'after the program was disposed');
  }),
  {
    name: 'holds nothing of its programs after it was disposed',
    async check(adapter) {
      const first = await adapter.create();
      await useProgram(first); // what an engine keeps for good is there now
      const before = held();
      const second = await adapter.create();
      const program = await second.compile(trainNetwork, networkSignature);
      await program.writeState(networkState());
      await program.run(networkBatch(0));
      await second.dispose();
      expectHeld(before, 'after the backend was disposed');
      await first.dispose();
    },
  },
  withBackend('holds nothing of a step or a batch that it refused', async (backend) => {
    const program = await backend.compile(accumulate, accumulateSignature);
    await program.writeState({ sum: vector(0, 0, 0) });
    const before = held();
    await errorOf(() =>
      backend.compile(() => ({ state: { sum: tf.zeros([4]) }, outputs: {} }), accumulateSignature),
    );
    await errorOf(() =>
      backend.compile((_, { x }) => {
        tf.add(x!, 1);
        throw new PatchBertError('contract/thrown', 'step: not today.');
      }, accumulateSignature),
    );
    await errorOf(() => program.run({ x: vector(1) }));
    expectHeld(before, 'after refusals');
  }),
  withBackend(
    'ends a run under way when its program is disposed: by its outputs, or by an error that says so',
    async (backend) => {
      const before = held();
      const program = await backend.compile(accumulate, accumulateSignature);
      await program.writeState({ sum: vector(1, 2, 3) });
      const running: Promise<HostTensors> = program.run({ x: vector(1, 1, 1) });
      program.dispose();
      let outputs: HostTensors | undefined;
      const error = await errorOf(async () => {
        outputs = await running;
      });
      if (outputs) expectSame(outputs, { before: vector(1, 2, 3) });
      else await expectError(() => Promise.reject(error), 'backend/disposed');
      await expectError(() => program.run({ x: vector(1, 1, 1) }), 'backend/disposed');
      expectHeld(before, 'after the program was disposed');
    },
  ),
];

interface Held {
  readonly tensors: number;
  readonly buffers: number;
}

function held(): Held {
  const { numTensors, numDataBuffers } = tf.memory();
  return { tensors: numTensors, buffers: numDataBuffers };
}

function expectHeld(expected: Held, when: string): void {
  const { tensors, buffers } = held();
  expectTrue(tensors === expected.tensors, `${when}: ${tensors} tensors; expected ${expected.tensors}`);
  expectTrue(buffers === expected.buffers, `${when}: ${buffers} buffers; expected ${expected.buffers}`);
}

async function useProgram(backend: Backend): Promise<void> {
  const program = await backend.compile(trainNetwork, networkSignature);
  await program.writeState(networkState());
  await program.run(networkBatch(0));
  await program.readState();
  program.dispose();
}
