import type { BackendOptions, Step } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import { int32Tensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { errorOf, expectError, expectSame } from '../comparison/expectations.ts';
import { accumulate, accumulateSignature, vector } from './accumulate.ts';
import { type ContractCase, withBackend } from './contract-case.ts';

/** A kernel that no engine has. */
const NOBODYS_KERNEL = 'PatchbertNobodysKernel';

/** What a backend refuses, when, and with which error. */
export const refusalCases: readonly ContractCase[] = [
  {
    name: 'refuses options that it does not know or cannot follow',
    async check(adapter) {
      await expectError(() => adapter.create({ threads: 0 }), 'backend/bad-option', ['threads']);
      const unknown = { speed: 'high' } as BackendOptions;
      await expectError(() => adapter.create(unknown), 'backend/bad-option', ['"speed"']);
    },
  },
  withBackend('refuses a batch that does not fit, and goes on', async (backend) => {
    const program = await backend.compile(accumulate, accumulateSignature);
    await program.writeState({ sum: vector(0, 0, 0) });
    await expectError(() => program.run({}), 'backend/bad-batch', ['"x"']);
    await expectError(() => program.run({ x: vector(1, 2) }), 'backend/bad-batch', ['[2]', '[3]']);
    await expectError(() => program.run({ x: vector(1, 2, 3), z: vector(1) }), 'backend/bad-batch', ['"z"']);
    const integers = int32Tensor(Int32Array.of(1, 2, 3));
    await expectError(() => program.run({ x: integers }), 'backend/bad-batch', ['int32']);
    const short = { ...vector(1, 2, 3), data: Float32Array.of(1, 2) };
    await expectError(() => program.run({ x: short }), 'backend/bad-batch', ['"x"']);
    await program.run({ x: vector(1, 2, 3) });
    expectSame(await program.readState(), { sum: vector(1, 2, 3) });
  }),
  withBackend('refuses state that does not fit, and goes on', async (backend) => {
    const program = await backend.compile(accumulate, accumulateSignature);
    await expectError(() => program.run({ x: vector(1, 2, 3) }), 'backend/state-not-set', ['sum']);
    await expectError(() => program.readState(), 'backend/state-not-set', ['sum']);
    await program.writeState({ sum: vector(0, 0, 0) });
    await expectError(() => program.writeState({ total: vector(1) }), 'backend/bad-state', ['"total"']);
    await expectError(() => program.writeState({ sum: vector(1) }), 'backend/bad-state', ['[1]']);
    await expectError(() => program.readState(['total']), 'backend/bad-state', ['"total"']);
    await program.run({ x: vector(1, 2, 3) });
    expectSame(await program.readState(), { sum: vector(1, 2, 3) });
  }),
  withBackend('refuses a second call while one is under way', async (backend) => {
    const program = await backend.compile(accumulate, accumulateSignature);
    await program.writeState({ sum: vector(0, 0, 0) });
    const running = program.run({ x: vector(1, 2, 3) });
    await expectError(() => program.run({ x: vector(1, 2, 3) }), 'backend/busy');
    await running;
    const again = program.run({ x: vector(1, 2, 3) });
    await expectError(() => program.readState(), 'backend/busy');
    await again;
    const writing = program.writeState({ sum: vector(0, 0, 0) });
    await expectError(() => program.run({ x: vector(1, 2, 3) }), 'backend/busy');
    await writing;
    expectSame(await program.run({ x: vector(1, 2, 3) }), { before: vector(0, 0, 0) });
  }),
  withBackend('refuses every call of a program that was disposed', async (backend) => {
    const program = await backend.compile(accumulate, accumulateSignature);
    await program.writeState({ sum: vector(0, 0, 0) });
    program.dispose();
    program.dispose();
    await expectError(() => program.run({ x: vector(1, 2, 3) }), 'backend/disposed');
    await expectError(() => program.readState(), 'backend/disposed');
    await expectError(() => program.writeState({ sum: vector(0, 0, 0) }), 'backend/disposed');
  }),
  {
    name: 'refuses to compile after it was disposed, and disposes its programs',
    async check(adapter) {
      const backend = await adapter.create();
      const program = await backend.compile(accumulate, accumulateSignature);
      await backend.dispose();
      await backend.dispose();
      await expectError(() => backend.compile(accumulate, accumulateSignature), 'backend/disposed');
      await expectError(() => program.writeState({ sum: vector(0, 0, 0) }), 'backend/disposed');
    },
  },
  withBackend('refuses a step that breaks its signature when it is compiled', async (backend) => {
    const broken: readonly (readonly [Step, string])[] = [
      [(_, { x }) => ({ state: { total: x! }, outputs: {} }), '"total"'],
      [(_, { x }) => ({ state: { sum: tf.sum(x!) }, outputs: {} }), '"sum"'],
      [(_, { x }) => ({ state: { sum: tf.cast(x!, 'int32') }, outputs: {} }), 'int32'],
    ];
    for (const [step, mention] of broken) {
      await expectError(() => backend.compile(step, accumulateSignature), 'backend/bad-step', [mention]);
    }
  }),
  withBackend('hands on the error of a step that throws when it is compiled', async (backend) => {
    const step: Step = () => {
      throw new PatchBertError('contract/thrown', 'step: not today.');
    };
    await expectError(() => backend.compile(step, accumulateSignature), 'contract/thrown', ['not today']);
  }),
  withBackend('names a kernel that it lacks when the step is compiled', async (backend) => {
    const step: Step = (_, { x }) => ({
      state: {},
      outputs: { y: tf.engine().runKernel<tf.Tensor>(NOBODYS_KERNEL, { x: x! }) },
    });
    await expectError(() => backend.compile(step, accumulateSignature), 'backend/unsupported-kernel', [
      NOBODYS_KERNEL,
    ]);
  }),
  withBackend(
    'runs a kernel that not every engine has, or names it when the step is compiled',
    async (backend) => {
      const step: Step = (_, { x }) => ({ state: {}, outputs: { y: tf.cumsum(x!) } });
      const signature = { state: {}, batch: accumulateSignature.batch };
      const refusal = await errorOf(async () => {
        const program = await backend.compile(step, signature);
        expectSame(await program.run({ x: vector(1, 2, 3) }), { y: vector(1, 3, 6) });
      });
      if (refusal === undefined) return;
      await expectError(() => backend.compile(step, signature), 'backend/unsupported-kernel', ['Cumsum']);
    },
  ),
];
