import type { Backend, Step } from '@patchbert/backend';
import type { HostTensor, HostTensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { expectSame, expectTrue, fail } from '../comparison/expectations.ts';
import { longRuns } from '../training/followed-runs.ts';
import type { TrainingRun } from '../training/training-run.ts';
import { accumulateSignature, vector } from './accumulate.ts';
import { type ContractCase, withBackend } from './contract-case.ts';

const [pretraining, forecasting] = longRuns;

/** Below this single precision has fewer digits, and many devices have 0. */
const SMALLEST_NORMAL = 2 ** -126;

/** What becomes of numbers at the ends of single precision: training that diverges must be seen to diverge. */
export const numberCases: readonly ContractCase[] = [
  ...[pretraining!, forecasting!].map(({ title, training }) =>
    withBackend(`shows a NaN of the batch in the loss: ${title}`, async (backend) => {
      const { run } = training();
      const batch = run.batchOf(1);
      await expectDivergence(backend, run, {
        batch: { ...batch, target: spoilt(batch, 'target', Number.NaN) },
      });
      await expectDivergence(backend, run, {
        batch: { ...batch, patches: spoilt(batch, 'patches', Number.NaN) },
      });
    }),
  ),
  withBackend('shows a NaN or an infinite number among the parameters in the loss', async (backend) => {
    const { run } = pretraining!.training();
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      await expectDivergence(backend, run, { state: { 'head.bias': spoilt(run.state, 'head.bias', value) } });
    }
  }),
  withBackend('shows a loss beyond single precision as infinite or NaN', async (backend) => {
    const { run } = forecasting!.training();
    const batch = run.batchOf(1);
    await expectDivergence(backend, run, {
      batch: {
        ...batch,
        lossWeight: spoilt(batch, 'lossWeight', 1e30),
        target: spoilt(batch, 'target', 3e38),
      },
    });
  }),
  withBackend('keeps numbers of any size in state that is written and read', async (backend) => {
    const program = await backend.compile(
      ({ sum }, { x }) => ({ state: {}, outputs: { y: tf.mul(sum!, x!) } }),
      accumulateSignature,
    );
    for (const sum of [vector(3.4e38, -3.4e38, SMALLEST_NORMAL), vector(1e30, -1e-30, 0)]) {
      await program.writeState({ sum });
      expectSame(await program.readState(), { sum });
    }
  }),
  withBackend('computes with large numbers, and overflows to infinity', async (backend) => {
    await expectDoubles(backend, vector(1e30, -1e38, 1.6e38));
    await expectDoubles(backend, vector(3e38, -3e38, 0));
  }),
  withBackend(
    'computes with small numbers, and rounds those below 2^-126 to 0 or not at all',
    async (backend) => {
      await expectDoubles(backend, vector(1e-30, -1e-37, SMALLEST_NORMAL));
      await expectDoubles(backend, vector(1e-39, -1e-42, SMALLEST_NORMAL / 2));
    },
  ),
];

/** Fails unless the loss of a training step is not a finite number. */
async function expectDivergence(
  backend: Backend,
  run: TrainingRun,
  { batch = run.batchOf(1), state = {} }: { batch?: HostTensors; state?: HostTensors },
): Promise<void> {
  const program = await backend.compile(run.step, run.signature);
  await program.writeState({ ...run.state, ...state });
  const loss = (await program.run(batch)).loss!.data[0]!;
  program.dispose();
  expectTrue(!Number.isFinite(loss), `the loss is ${loss}; expected NaN or an infinite number`);
}

/** The named entry with one number replaced: the first one that counts. */
function spoilt(tensors: HostTensors, name: string, value: number): HostTensor {
  const tensor = tensors[name]!;
  const data = Float32Array.from(tensor.data);
  const counts = tensors.lossWeight?.data.findIndex((weight) => weight > 0) ?? 0;
  data[name === 'target' || name === 'lossWeight' ? counts : data.findIndex((x) => x !== 0)] = value;
  return { dtype: 'float32', shape: tensor.shape, data };
}

/** Fails unless sums and products that double a number are right; where one is below 2^-126, 0 is right too. */
async function expectDoubles(backend: Backend, x: HostTensor): Promise<void> {
  const double: Step = ({ sum }, batch) => ({
    state: { sum: tf.add(sum!, batch.x!) },
    outputs: { product: tf.mul(batch.x!, 2), sum: tf.add(batch.x!, batch.x!) },
  });
  const program = await backend.compile(double, accumulateSignature);
  await program.writeState({ sum: x });
  const results = { ...(await program.run({ x })), state: (await program.readState()).sum! };
  program.dispose();
  for (const [name, { data }] of Object.entries(results)) {
    x.data.forEach((number, i) => {
      const [value, found] = [Math.fround(2 * number), data[i]!];
      const close = Math.abs(found - value) <= 1e-6 * Math.abs(value);
      const rounded = Math.abs(number) < SMALLEST_NORMAL && found === 0;
      if (found !== value && !close && !rounded)
        fail(`2 x ${number} (${name}): expected ${value}; got ${found}`);
    });
  }
}
