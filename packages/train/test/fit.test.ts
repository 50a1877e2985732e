import { type Program, tfjsCpu } from '@patchbert/backend';
import { type HostTensors, scalarTensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  adamW,
  chain,
  constant,
  type FitOptions,
  type FitStep,
  fit,
  type Objective,
  optimiserScalars,
  scaleByLearningRate,
  signatureOf,
  trainingStep,
} from '../src/index.ts';

/** (x - goal)^2: the smallest thing that can be trained. */
const distance: Objective = {
  loss: ({ x }, { goal }) => tf.square(tf.sub(x!, goal!)) as tf.Scalar,
  evaluate: ({ x }) => ({ x: x! }),
};

let backend: Awaited<ReturnType<typeof tfjsCpu.create>>;
beforeAll(async () => {
  backend = await tfjsCpu.create();
});
afterAll(async () => backend.dispose());

async function start(optimiser: FitOptions['optimiser'], goal = 3) {
  const state: HostTensors = { x: scalarTensor(0) };
  const all = { ...state, ...optimiser.initialState(state) };
  const makeBatch = (): HostTensors => ({ goal: scalarTensor(goal) });
  const program: Program = await backend.compile(
    trainingStep(distance, optimiser, ['x']),
    signatureOf(all, { ...makeBatch(), ...optimiserScalars(optimiser, 1, 0) }),
  );
  await program.writeState(all);
  return { program, optimiser, makeBatch, firstStep: 1 };
}

describe('trainingStep', () => {
  it('names the optimiser scalars that the signature lacks', async () => {
    const optimiser = adamW();
    const state = { x: scalarTensor(0), ...optimiser.initialState({ x: scalarTensor(0) }) };
    const batch = { goal: scalarTensor(3), 'optimiser.learningRate': scalarTensor(1) };
    const step = trainingStep(distance, optimiser, ['x']);
    await expect(backend.compile(step, signatureOf(state, batch))).rejects.toMatchObject({
      code: 'train/missing-scalar',
      message: expect.stringMatching(
        /"optimiser.adam.rate", "optimiser.adam.epsilon"\. Add optimiserScalars/,
      ),
    });
  });
});

describe('fit', () => {
  it('runs the steps in order and lowers the loss', async () => {
    const steps: FitStep[] = [];
    const options = await start(adamW({ weightDecay: 0 }));
    const result = await fit({
      ...options,
      schedule: constant(0.3),
      lastStep: 60,
      onStep: (step) => void steps.push(step),
    });
    expect(result).toMatchObject({ status: 'finished', step: 60 });
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    expect(steps[0]!.loss).toBe(9);
    expect(result.loss).toBeLessThan(0.1);
  });

  it('keeps the number of tensors flat', async () => {
    const options = await start(adamW({ clipNorm: 1 }));
    const counts = new Set<number>();
    await fit({
      ...options,
      schedule: constant(0.01),
      lastStep: 50,
      onStep: () => void counts.add(tf.memory().numTensors),
    });
    expect(counts.size).toBe(1);
  });

  it('asks for the rate of update step - 1', async () => {
    const options = await start(chain(scaleByLearningRate()));
    const asked = new Set<number>();
    const schedule = (update: number) => {
      asked.add(update);
      return 0.1;
    };
    await fit({ ...options, schedule, firstStep: 5, lastStep: 7 });
    expect([...asked].sort()).toEqual([4, 5, 6]);
  });

  it('stops after the step under way when the signal says so', async () => {
    const options = await start(adamW());
    const controller = new AbortController();
    const result = await fit({
      ...options,
      schedule: constant(0.1),
      lastStep: 100,
      signal: controller.signal,
      onStep: ({ step }) => {
        if (step === 3) controller.abort();
      },
    });
    expect(result).toMatchObject({ status: 'interrupted', step: 3 });
  });

  it('lets timers and signals in between steps', async () => {
    const options = await start(adamW());
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1);
    const lastStep = 1_000_000;
    const result = await fit({
      ...options,
      schedule: constant(0.1),
      lastStep,
      signal: controller.signal,
    });
    expect(result.status).toBe('interrupted');
  });

  it.each([
    ['a NaN loss', Number.NaN, /the loss is NaN at step 1 .*learning rate 0\.5.*"runs\/a"/],
    ['an infinite loss', 1e30, /the loss is Infinity at step 1/],
  ])('stops at %s', async (_what, goal, message) => {
    const options = await start(adamW({ clipNorm: 1 }), goal);
    const attempt = fit({
      ...options,
      schedule: constant(0.5),
      lastStep: 5,
      lastCheckpoint: () => 'runs/a',
    });
    await expect(attempt).rejects.toMatchObject({
      code: 'train/diverged',
      message: expect.stringMatching(message),
    });
  });

  it('hands on the error of a batch that cannot be made', async () => {
    const options = await start(adamW());
    const makeBatch = (step: number) => {
      if (step === 3) throw new RangeError('no such window');
      return options.makeBatch();
    };
    await expect(fit({ ...options, makeBatch, schedule: constant(0.1), lastStep: 5 })).rejects.toThrow(
      'no such window',
    );
  });
});
