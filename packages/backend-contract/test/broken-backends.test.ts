import type { BackendAdapter, Program } from '@patchbert/backend';
import { backendContract } from '@patchbert/backend-contract';
import { PatchBertError } from '@patchbert/errors';
import { FUSED_KERNELS, type HostTensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import {
  mapNumbers,
  replaceKernel,
  roundToHalf,
  valuesOf,
  withBackends,
  withKernels,
  withPrograms,
} from './broken/break-backend.ts';

/** Cases that train or compute; the others are about calls, and quick. */
const numeric = backendContract.filter(({ name }) =>
  /float64 reference|NaN|numbers of any size|computes with/.test(name),
);
const calls = backendContract.filter((one) => !numeric.includes(one));

const trains = numeric.filter(({ name }) => name.startsWith('takes'));
const forward = numeric.filter(({ name }) => name.startsWith('computes loss'));
const named = (...beginnings: readonly string[]) =>
  backendContract.filter(({ name }) => beginnings.some((beginning) => name.startsWith(beginning)));

/** What is broken, the cases that are run on it, and those of them that must notice: these and no others. */
const faults: readonly (readonly [string, BackendAdapter, typeof backendContract, typeof backendContract])[] =
  [
    [
      'gradients of weights are too long by a thousandth',
      withKernels('scaled-gradients', () => {
        const { kernelFunc } = tf.getKernel('BatchMatMul', 'cpu')!;
        replaceKernel('BatchMatMul', 'scaled-gradients', (params) => {
          const product = kernelFunc(params) as tf.TensorInfo;
          const values = valuesOf(params.backend, product);
          // The first matrix is transposed in gradients of weights alone.
          if (params.attrs?.transposeA) for (const i of values.keys()) values[i]! *= 1.001;
          return product;
        });
      }),
      numeric,
      trains,
    ],
    [
      'gelu has its tanh form',
      withKernels('tanh-gelu', () => {
        replaceKernel(FUSED_KERNELS.gelu, 'tanh-gelu', ({ inputs, backend }) => {
          const gate = (x: number) => 1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3));
          const x = inputs.x as tf.TensorInfo;
          const y = valuesOf(backend, x).map((value) => 0.5 * value * gate(value));
          return {
            dataId: (backend as tf.KernelBackend).write(y, x.shape, 'float32'),
            shape: x.shape,
            dtype: 'float32',
          };
        });
      }),
      numeric,
      [...forward, ...trains],
    ],
    [
      'numbers have half precision',
      withPrograms(({ run, readState, writeState }) => ({
        run: async (batch) => mapNumbers(await run(mapNumbers(batch, roundToHalf)), roundToHalf),
        readState: async (names) => mapNumbers(await readState(names), roundToHalf),
        writeState: (tensors) => writeState(mapNumbers(tensors, roundToHalf)),
      })),
      numeric,
      [...forward, ...trains, ...named('keeps numbers', 'computes with')],
    ],
    [
      'NaN becomes 0',
      withPrograms(({ run }) => ({
        run: async (batch) => mapNumbers(await run(batch), (x) => (Number.isNaN(x) ? 0 : x)),
      })),
      numeric,
      named('shows a NaN'),
    ],
    [
      'every second step is forgotten',
      withPrograms(({ run, readState, writeState }) => {
        let steps = 0;
        return {
          async run(batch) {
            if (++steps % 2 === 1) return run(batch);
            const before = await readState();
            const outputs = await run(batch);
            await writeState(before);
            return outputs;
          },
        };
      }),
      [...calls, ...trains],
      [
        ...named('keeps the state', 'lets two state entries', 'refuses a batch', 'refuses state'),
        ...named('runs side by side', 'runs two programs', 'takes twenty'),
      ],
    ],
    [
      'outputs share the memory of the next outputs',
      withPrograms(({ run }) => {
        let memory: HostTensors | undefined;
        return {
          async run(batch) {
            const outputs = await run(batch);
            memory ??= outputs;
            for (const [name, { data }] of Object.entries(outputs)) memory[name]!.data.set(data);
            return memory;
          },
        };
      }),
      calls,
      named('hands out copies'),
    ],
    [
      'state is read from the memory of the host',
      withPrograms(({ run, writeState, readState }) => {
        let given: HostTensors | undefined;
        return {
          async run(batch) {
            if (given) await writeState(given);
            given = undefined;
            return run(batch);
          },
          async readState(names) {
            if (given) await writeState(given);
            return readState(names);
          },
          async writeState(tensors) {
            await writeState(tensors);
            given = tensors;
          },
        };
      }),
      calls,
      named('takes copies'),
    ],
    [
      'a tensor leaks at every step',
      withPrograms(({ run }) => ({
        run(batch) {
          tf.keep(tf.scalar(1));
          return run(batch);
        },
      })),
      calls,
      named('holds no more', 'holds nothing', 'ends a run'),
    ],
    [
      'dispose closes the program and frees nothing',
      withPrograms((program) => {
        let disposed = false;
        const open =
          <A extends unknown[], T>(call: (...values: A) => Promise<T>) =>
          async (...values: A): Promise<T> => {
            if (disposed) throw new PatchBertError('backend/disposed', 'the program was disposed.');
            return call(...values);
          };
        return {
          ...{
            run: open(program.run),
            readState: open(program.readState),
            writeState: open(program.writeState),
          },
          dispose() {
            disposed = true;
          },
        };
      }),
      calls,
      named('holds nothing of a program', 'ends a run'),
    ],
    [
      'a batch that does not fit is passed over',
      withPrograms(({ run }) => ({
        run: (batch) =>
          run(batch).catch((error) => {
            if (error.code === 'backend/bad-batch') return {};
            throw error;
          }),
      })),
      calls,
      named('refuses a batch'),
    ],
    [
      'errors lose their type',
      withPrograms((program) => {
        const untyped = (error: Error) => Promise.reject(new Error(error.message));
        return {
          run: (batch) => program.run(batch).catch(untyped),
          readState: (names) => program.readState(names).catch(untyped),
          writeState: (tensors) => program.writeState(tensors).catch(untyped),
        };
      }),
      calls,
      named(
        'refuses a batch',
        'refuses state',
        'refuses a second',
        'refuses every call',
        'refuses to compile',
        'ends a run',
      ),
    ],
    [
      'a call waits for the one under way',
      withPrograms((program) => {
        let last: Promise<unknown> = Promise.resolve();
        const queued =
          <A extends unknown[], T>(call: (...values: A) => Promise<T>) =>
          (...values: A): Promise<T> => {
            const result = last.catch(() => {}).then(() => call(...values));
            last = result;
            return result;
          };
        return {
          run: queued(program.run),
          readState: queued(program.readState),
          writeState: queued(program.writeState),
        };
      }),
      calls,
      named('refuses a second call'),
    ],
    [
      'a step is compiled when it is first used',
      withBackends(({ compile }) => ({
        async compile(step, signature) {
          let compiled: Promise<Program> | undefined;
          const program = () => (compiled ??= compile(step, signature));
          let disposed = false;
          const use = async <T>(call: (program: Program) => Promise<T>): Promise<T> => {
            if (disposed) throw new PatchBertError('backend/disposed', 'the program was disposed.');
            return call(await program());
          };
          return {
            run: (batch) => use((one) => one.run(batch)),
            readState: (names) => use((one) => one.readState(names)),
            writeState: (tensors) => use((one) => one.writeState(tensors)),
            dispose() {
              disposed = true;
              void compiled?.then((one) => one.dispose());
            },
          };
        },
      })),
      calls,
      named('refuses a step', 'hands on the error', 'names a kernel', 'refuses to compile'),
    ],
    [
      'the current backend of tfjs stays changed',
      withBackends(({ compile }) => ({
        async compile(step, signature) {
          if (tf.findBackendFactory('stays') === null) {
            tf.copyRegisteredKernels('cpu', 'stays');
            tf.registerBackend('stays', tf.findBackendFactory('cpu'), 0);
          }
          const program = await compile(step, signature);
          return {
            ...program,
            async run(batch) {
              const outputs = await program.run(batch);
              await tf.setBackend('stays');
              return outputs;
            },
          };
        },
      })),
      named('runs side by side', 'keeps the state'),
      named('runs side by side'),
    ],
    [
      'sums come out in another order each time',
      withPrograms(({ readState }) => ({
        readState: async (names) =>
          mapNumbers(await readState(names), (x) => (x % 1 === 0 ? x : x * (1 + 2e-7 * (draws++ % 7)))),
      })),
      [...calls, ...trains],
      named('gives the same bits', 'runs two programs', 'reads and writes single'),
    ],
    [
      'whole numbers come back as floats',
      withPrograms(({ run }) => ({
        run: async (batch) =>
          Object.fromEntries(
            Object.entries(await run(batch)).map(([name, { shape, data }]) => [
              name,
              { shape, dtype: 'float32', data: Float32Array.from(data) },
            ]),
          ),
      })),
      calls,
      named('takes whole numbers'),
    ],
  ];

let draws = 0;

it.each(faults)('notices that %s', async (_, adapter, cases, expected) => {
  const current = tf.getBackend();
  const noticed: string[] = [];
  for (const { name, check } of cases) {
    await check(adapter).catch(() => noticed.push(name));
  }
  if (current) await tf.setBackend(current);
  expect(noticed.sort()).toEqual(expected.map(({ name }) => name).sort());
});
