import { tfjsCpu } from '@patchbert/backend';
import { float32Tensor, type HostTensors } from '@patchbert/ops';
import { deriveKey, randomKey } from '@patchbert/random';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AdaptationConfigInput,
  type AdaptationEvent,
  type AdaptationOptions,
  adaptByGradient,
  evaluationStep,
  forecasting,
  signatureOf,
} from '../src/index.ts';
import { sineBatch, tinyEncoder, tinyHead, tinyParameters } from './support/tiny-forecaster.ts';

let backend: Awaited<ReturnType<typeof tfjsCpu.create>>;
beforeAll(async () => {
  backend = await tfjsCpu.create();
});
afterAll(async () => backend.dispose());

const headConfig = tinyHead();
const objective = forecasting({ encoder: tinyEncoder, head: headConfig, loss: 'mse' });
const initialParameters = tinyParameters(headConfig);
const makeBatch = (step: number) => sineBatch(deriveKey(randomKey(2), step));
const held = sineBatch(randomKey(3), 16);

/** Mean squared error over windows that no step trains on. */
async function validate(parameters: HostTensors): Promise<number> {
  const program = await backend.compile(evaluationStep(objective), signatureOf(parameters, held));
  await program.writeState(parameters);
  const { squaredError, count } = await program.run(held);
  program.dispose();
  return squaredError!.data[0]! / count!.data[0]!;
}

const brief: AdaptationConfigInput = {
  strategy: 'fine-tune',
  steps: 30,
  learningRate: 1e-2,
  encoderLearningRate: 3e-3,
  averaging: { kind: 'none' },
  validateEvery: 10,
};

function adapt(training: AdaptationConfigInput, options: Partial<AdaptationOptions> = {}) {
  return adaptByGradient({
    backend,
    encoderConfig: tinyEncoder,
    headConfig,
    initialParameters,
    objective,
    makeBatch,
    validate,
    training: { ...brief, ...training },
    ...options,
  });
}

/** Names of parameters whose bits differ. */
function moved(before: HostTensors, after: HostTensors): string[] {
  return Object.keys(before).filter((name) => String(before[name]!.data) !== String(after[name]!.data));
}

describe('strategies', () => {
  it.each(['linear-probe', 'fine-tune', 'probe-then-fine-tune', 'scratch'] as const)(
    '%s learns the task',
    async (strategy) => {
      const result = await adapt({ strategy, steps: 60, probeSteps: 30 });
      const losses = result.history.map(({ loss }) => loss);
      expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);
      expect(result.bestStep).toBeGreaterThan(0);
      expect(result.bestValidation).toBe(await validate(result.parameters));
      expect(result).toMatchObject({ status: 'finished', stoppedEarly: false });
    },
  );

  it('linear-probe keeps the bits of the encoder', async () => {
    const { parameters } = await adapt({ strategy: 'linear-probe' });
    expect(moved(initialParameters, parameters)).toEqual(['head.weight', 'head.bias']);
  });

  it('fine-tune moves everything that is not frozen', async () => {
    const { parameters } = await adapt({ freeze: ['encoder.embedding', 'encoder.layers.0'] });
    const still = (name: string) =>
      name.startsWith('encoder.embedding.') || name.startsWith('encoder.layers.0.');
    const expected = Object.keys(initialParameters).filter((name) => !still(name));
    expect(moved(initialParameters, parameters).sort()).toEqual(expected.sort());
  });

  it('probe-then-fine-tune probes first, counts steps on, and warms up twice', async () => {
    const { history } = await adapt({ strategy: 'probe-then-fine-tune', probeSteps: 10, steps: 20 });
    expect(history.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(history.map(({ phase }) => phase)).toEqual([
      ...Array.from({ length: 10 }, () => 'probe'),
      ...Array.from({ length: 20 }, () => 'fine-tune'),
    ]);
    expect([history[0]!.learningRate, history[10]!.learningRate]).toEqual([0, 0]);
    expect(history.filter(({ validation }) => validation !== undefined).map(({ step }) => step)).toEqual([
      10, 20, 30,
    ]);
  });

  it('starts the second phase from the best weights of the first', async () => {
    const seen: { step: number; parameters: HostTensors }[] = [];
    let checks = 0;
    await adapt(
      { strategy: 'probe-then-fine-tune', probeSteps: 20, steps: 1, warmup: 0.5, validateEvery: 10 },
      {
        // Step 0: 3, step 10: 1, step 20: 2, then the only step of fine-tuning, at rate 0.
        validate: async (parameters) => {
          seen.push({ step: checks, parameters });
          return [3, 1, 2, 4][checks++]!;
        },
      },
    );
    expect(seen).toHaveLength(4);
    expect(moved(seen[1]!.parameters, seen[2]!.parameters)).not.toEqual([]);
    expect(moved(seen[1]!.parameters, seen[3]!.parameters)).toEqual([]);
  });

  it('gives the encoder smaller steps the further down a layer lies', async () => {
    const rates = { learningRate: 4e-3, encoderLearningRate: 2e-3, layerDecay: 0.5 };
    // Two updates, at the highest rate and at next to none; the first of Adam is the rate itself for the steepest weight.
    const cycle = { schedule: 'one-cycle', warmup: 0.5, steps: 2, weightDecay: 0 } as const;
    const { parameters } = await adapt({ ...rates, ...cycle }, { validate: undefined });
    const largestStep = (name: string) =>
      Math.max(
        ...Array.from(parameters[name]!.data, (v, i) => Math.abs(v - initialParameters[name]!.data[i]!)),
      );
    const expected = {
      'head.weight': 4e-3,
      'encoder.norm.scale': 2e-3,
      'encoder.layers.1.feedForward.expand.weight': 2e-3,
      'encoder.layers.0.feedForward.expand.weight': 1e-3,
      'encoder.embedding.weight': 5e-4,
    };
    for (const [name, rate] of Object.entries(expected)) {
      expect(largestStep(name) / rate, name).toBeCloseTo(1, 2);
    }
  });
});

describe('what is kept', () => {
  it('is the start when training does not help', async () => {
    let value = 1;
    const result = await adapt({}, { validate: async () => value++ });
    expect(result).toMatchObject({ bestStep: 0, bestValidation: 1, initialValidation: 1 });
    expect(moved(initialParameters, result.parameters)).toEqual([]);
  });

  it('is never the start from scratch', async () => {
    let value = 1;
    const result = await adapt({ strategy: 'scratch' }, { validate: async () => value++ });
    expect(result).toMatchObject({ bestStep: 10, bestValidation: 1 });
    expect(result.initialValidation).toBeUndefined();
  });

  it('is the last without a validation', async () => {
    const result = await adapt({}, { validate: undefined });
    expect(result.bestStep).toBe(30);
    expect(result.bestValidation).toBeUndefined();
    expect(result.history.every(({ validation }) => validation === undefined)).toBe(true);
  });

  it.each([
    ['ema', { kind: 'ema', decay: 0.9 }],
    ['swa', { kind: 'swa', start: 0.5 }],
  ] as const)('is the %s average of the weights after each step', async (_, averaging) => {
    const steps = 6;
    // Shorter runs of the same schedule give the weights after each step.
    const constant = { schedule: 'one-cycle', warmup: 0.5 } as const;
    const trajectory: HostTensors[] = [];
    const options = { ...constant, steps, validateEvery: 1, patience: null };
    await adapt(options, {
      validate: async (parameters) => {
        trajectory.push(parameters);
        return -trajectory.length;
      },
    });
    const averaged = await adapt({ ...options, averaging }, { validate: undefined });
    for (const name of ['head.bias', 'encoder.norm.scale']) {
      const at = (step: number) => [...trajectory[step]![name]!.data];
      let expected = at(0);
      for (let step = 1; step <= steps; step++) {
        const from = steps / 2 + 1;
        const swaRate = step <= from ? 1 : 1 / (step - from + 1);
        const rate = averaging.kind === 'ema' ? 1 - Math.min(0.9, step / (step + 9)) : swaRate;
        expected = expected.map((average, i) => average + rate * (at(step)[i]! - average));
      }
      averaged.parameters[name]!.data.forEach((value, i) => {
        expect(value, name).toBeCloseTo(expected[i]!, 5);
      });
    }
  });
});

describe('the end', () => {
  it('comes early when patience is used up', async () => {
    const values = [5, 4, 4.5, 4.2, 1];
    const events: AdaptationEvent[] = [];
    const result = await adapt(
      { patience: 2, validateEvery: 5, steps: 100 },
      { validate: async () => values.shift()!, onEvent: (event) => void events.push(event) },
    );
    expect(result).toMatchObject({ status: 'finished', stoppedEarly: true, bestStep: 5, bestValidation: 4 });
    expect(result.history).toHaveLength(15);
    expect(events.at(-1)).toEqual({ type: 'early-stop', step: 15, bestStep: 5 });
  });

  it('never comes early without patience', async () => {
    let value = 0;
    const result = await adapt({ patience: null, validateEvery: 1 }, { validate: async () => value++ });
    expect(result).toMatchObject({ stoppedEarly: false, bestStep: 0 });
    expect(result.history).toHaveLength(30);
  });

  it('comes after the step under way when the signal says so, and no further phase begins', async () => {
    const controller = new AbortController();
    const result = await adapt(
      { strategy: 'probe-then-fine-tune', probeSteps: 20 },
      {
        signal: controller.signal,
        onEvent: (event) => {
          if (event.type === 'step' && event.step === 12) controller.abort();
        },
      },
    );
    expect(result).toMatchObject({ status: 'interrupted', bestStep: 10 });
    expect(result.history).toHaveLength(12);
  });

  it('is an error when the loss or the validation is not a number, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const broken = (step: number): HostTensors => ({
      ...makeBatch(step),
      ...(step === 4 && { target: float32Tensor(new Float32Array(24).fill(Number.NaN), [8, 3]) }),
    });
    await expect(adapt({}, { makeBatch: broken })).rejects.toMatchObject({
      code: 'train/diverged',
      message: expect.stringMatching(/step 4/),
    });
    await expect(adapt({}, { validate: async () => Number.NaN })).rejects.toThrow(/NaN after step 0/);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('randomness', () => {
  const dropping = {
    encoderConfig: { ...tinyEncoder, dropout: 0.2 },
    headConfig: tinyHead({ dropout: 0.3 }),
  };
  const run = (seed: number, training: AdaptationConfigInput = {}) =>
    adapt(
      { steps: 8, seed, ...training },
      {
        ...dropping,
        objective: forecasting({ encoder: dropping.encoderConfig, head: dropping.headConfig, loss: 'mse' }),
        validate: undefined,
      },
    );

  it('is that of the seed', async () => {
    const [first, again, other] = [await run(1), await run(1), await run(2)];
    expect(again).toEqual(first);
    expect(moved(first.parameters, other.parameters)).not.toEqual([]);
  });

  it('leaves a frozen encoder as it will be used: without dropout', async () => {
    const withoutEncoderDropout = { ...dropping, encoderConfig: tinyEncoder };
    const probe = await run(1, { strategy: 'linear-probe' });
    const same = await adapt(
      { steps: 8, seed: 1, strategy: 'linear-probe' },
      { ...withoutEncoderDropout, validate: undefined },
    );
    expect(moved(probe.parameters, same.parameters)).toEqual([]);
  });
});

describe('mistakes are refused', () => {
  it('parameters of another model, each by name', async () => {
    const { 'head.bias': _left, ...rest } = initialParameters;
    const wrong = { ...rest, 'encoder.maskToken': float32Tensor(new Float32Array(8)) };
    await expect(adapt({}, { initialParameters: wrong })).rejects.toMatchObject({
      code: 'train/bad-parameters',
      message: expect.stringMatching(
        /head\.bias: nothing, expected \[3\]; encoder\.maskToken: \[8\], expected nothing/,
      ),
    });
  });

  it.each([
    ['a misspelt key', { learningrate: 1 }, /Did you mean "learningRate"/],
    ['a frozen name that is none', { freeze: ['encoder.layers.7'] }, /matches no parameter/],
    ['nothing to train', { strategy: 'linear-probe', freeze: ['head'] }, /nothing to train/],
  ])('%s', async (_, training, message) => {
    await expect(adapt(training as AdaptationConfigInput)).rejects.toThrow(message);
  });

  it('a batch without patches', async () => {
    await expect(adapt({}, { makeBatch: () => ({}) })).rejects.toThrow(/no "patches"/);
  });
});
