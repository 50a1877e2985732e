import { tfjsCpu } from '@patchbert/backend';
import { float32Tensor, type HostTensors, scalarTensor } from '@patchbert/ops';
import { randomKey } from '@patchbert/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  adamW,
  averagedWeights,
  averagesIn,
  averagingScalars,
  chain,
  forecasting,
  freeze,
  type GradientTransform,
  layerwiseRates,
  type Objective,
  optimiserScalars,
  scaleByLearningRate,
  scaleByParameter,
  signatureOf,
  trainingStep,
  type WeightAveraging,
  withAveragedWeights,
} from '../src/index.ts';
import { sineBatch, tinyEncoder, tinyHead, tinyParameters } from './support/tiny-forecaster.ts';

let backend: Awaited<ReturnType<typeof tfjsCpu.create>>;
beforeAll(async () => {
  backend = await tfjsCpu.create();
});
afterAll(async () => backend.dispose());

/** The gradient of every parameter is the batch's `slope`, whatever its value. */
const slope: Objective = {
  loss: (parameters, batch) =>
    tf.addN(
      ['encoder.a', 'head.b'].map((name) => tf.sum(tf.mul(parameters[name]!, batch.slope!))),
    ) as tf.Scalar,
  evaluate: (parameters) => parameters,
};
const start: HostTensors = {
  'encoder.a': float32Tensor(Float32Array.of(1, -2)),
  'head.b': float32Tensor(Float32Array.of(0.5)),
};

async function run(
  optimiser: GradientTransform,
  steps: number,
  options: { names?: readonly string[]; averaging?: WeightAveraging } = {},
): Promise<HostTensors[]> {
  const { names = Object.keys(start), averaging } = options;
  const trained = Object.fromEntries(names.map((name) => [name, start[name]!]));
  const state = {
    ...start,
    ...optimiser.initialState(trained),
    ...(averaging && averagedWeights(trained)),
  };
  const batch = (step: number): HostTensors => ({
    slope: scalarTensor(step),
    ...optimiserScalars(optimiser, step, 0.1),
    ...(averaging && averagingScalars(averaging, step)),
  });
  const plain = trainingStep(slope, optimiser, names);
  const step = averaging ? withAveragedWeights(plain) : plain;
  const program = await backend.compile(step, signatureOf(state, batch(1)));
  await program.writeState(state);
  const states: HostTensors[] = [];
  for (let index = 1; index <= steps; index++) {
    await program.run(batch(index));
    states.push(await program.readState());
  }
  program.dispose();
  return states;
}

const sgd = chain(scaleByLearningRate());

describe('scaleByParameter', () => {
  it('gives each parameter its own rate', async () => {
    const rates = (name: string) => (name.startsWith('head.') ? 1 : 0.25);
    const [after] = await run(chain(scaleByParameter(rates), scaleByLearningRate()), 1);
    expect(after!['encoder.a']!.data[0]).toBeCloseTo(1 - 0.1 * 0.25, 6);
    expect(after!['head.b']!.data[0]).toBeCloseTo(0.5 - 0.1, 6);
  });

  it('scales the whole update of adamW, decay included', async () => {
    const options = { weightDecay: 0.1, mask: () => true };
    const [plain] = await run(adamW(options), 1);
    const [scaled] = await run(adamW({ ...options, rates: () => 0.5 }), 1);
    plain!['encoder.a']!.data.forEach((value, i) => {
      const before = start['encoder.a']!.data[i]!;
      expect(scaled!['encoder.a']!.data[i]! - before).toBeCloseTo((value - before) / 2, 6);
    });
  });

  it.each([0, -1, Number.NaN])('refuses a factor of %d and says how to freeze', async (factor) => {
    await expect(run(chain(scaleByParameter(() => factor)), 1)).rejects.toThrow(/"encoder.a" is .*Freeze/);
  });
});

describe('layerwiseRates', () => {
  it('falls from the head to the embedding', () => {
    const rate = layerwiseRates({ layers: 3, decay: 0.5, encoder: 0.8, head: 2 });
    const names = {
      'head.weight': 2,
      'encoder.norm.scale': 0.8,
      'encoder.layers.2.attention.query.weight': 0.8,
      'encoder.layers.1.feedForward.expand.bias': 0.4,
      'encoder.layers.0.attentionNorm.scale': 0.2,
      'encoder.position': 0.1,
      'encoder.embedding.weight': 0.1,
    };
    for (const [name, expected] of Object.entries(names)) expect(rate(name), name).toBeCloseTo(expected, 12);
  });

  it.each([
    [{ decay: 0 }, /decay is 0/],
    [{ decay: 1.5 }, /decay is 1.5/],
    [{ layers: 0 }, /layers is 0/],
    [{ encoder: 0 }, /encoder is 0/],
    [{ head: Number.NaN }, /head is NaN/],
  ])('refuses %j', (wrong, message) => {
    expect(() => layerwiseRates({ layers: 2, decay: 0.5, encoder: 1, head: 1, ...wrong })).toThrow(message);
  });
});

describe('freeze', () => {
  const names = Object.keys(tinyParameters(tinyHead()));

  it('divides names without losing one', () => {
    fc.assert(
      fc.property(fc.subarray(names, { maxLength: names.length - 1 }), (patterns) => {
        const { trained, frozen } = freeze(names, patterns);
        expect([...trained, ...frozen].sort()).toEqual([...names].sort());
        expect(new Set(frozen)).toEqual(new Set(patterns));
      }),
      { seed: 41 },
    );
  });

  it.each([
    ['encoder', (name: string) => name.startsWith('encoder.')],
    ['encoder.layers.1', (name: string) => name.startsWith('encoder.layers.1.')],
    ['encoder.layers.*.attention', (name: string) => /^encoder\.layers\.\d\.attention\./.test(name)],
    ['*.embedding', (name: string) => name.startsWith('encoder.embedding.')],
  ])('%s', (pattern, expected) => {
    expect(freeze(names, [pattern]).frozen).toEqual(names.filter(expected));
  });

  it('refuses what matches nothing, and everything', () => {
    expect(() => freeze(names, ['encoder.layer.0'])).toThrow(/Did you mean "encoder.layers.0"/);
    expect(() => freeze(names, ['encoder', 'head'])).toThrow(/nothing to train/);
  });

  it('keeps the bits of what is frozen and moves the rest', async () => {
    const states = await run(adamW(), 5, { names: ['head.b'] });
    expect(states.at(-1)!['encoder.a']!.data).toEqual(start['encoder.a']!.data);
    expect(states.at(-1)!['head.b']!.data).not.toEqual(start['head.b']!.data);
    expect(Object.keys(states[0]!).filter((name) => name.startsWith('adam.'))).toHaveLength(2);
  });

  it('gives a trained head the gradient it has when everything trains', async () => {
    const head = tinyHead();
    const parameters = tinyParameters(head);
    const after = async (patterns: string[]) => {
      const { trained } = freeze(Object.keys(parameters), patterns);
      const batch = { ...sineBatch(randomKey(2)), ...optimiserScalars(sgd, 1, 0.1) };
      const step = trainingStep(forecasting({ encoder: tinyEncoder, head, loss: 'mse' }), sgd, trained);
      const program = await backend.compile(step, signatureOf(parameters, batch));
      await program.writeState(parameters);
      await program.run(batch);
      const state = await program.readState();
      program.dispose();
      return state;
    };
    const [probed, tuned] = [await after(['encoder']), await after([])];
    expect(probed['head.weight']!.data).toEqual(tuned['head.weight']!.data);
    for (const [name, { data }] of Object.entries(parameters)) {
      if (name.startsWith('encoder.')) expect(probed[name]!.data, name).toEqual(data);
    }
  });
});

describe('withAveragedWeights', () => {
  it.each([
    ['ema', { kind: 'ema', decay: 0.6 }],
    ['swa', { kind: 'swa', from: 3 }],
  ] as const)('%s equals the sum worked out by hand', async (_, averaging) => {
    const states = await run(sgd, 8, { averaging });
    let expected = [...start['encoder.a']!.data];
    states.forEach((state, index) => {
      const step = index + 1;
      const weights = [...state['encoder.a']!.data];
      if (averaging.kind === 'ema') {
        const kept = Math.min(averaging.decay, step / (step + 9));
        expected = expected.map((average, i) => kept * average + (1 - kept) * weights[i]!);
      } else {
        const counted = states.slice(Math.min(index, averaging.from - 1), step);
        expected = weights.map(
          (__, i) => counted.reduce((sum, s) => sum + s['encoder.a']!.data[i]!, 0) / counted.length,
        );
      }
      averagesIn(state)['encoder.a']!.data.forEach((average, i) => {
        expect(average, `step ${step}`).toBeCloseTo(expected[i]!, 5);
      });
    });
  });

  it('leaves the weights themselves as they are without averaging', async () => {
    const plain = await run(adamW(), 4);
    const averaged = await run(adamW(), 4, { averaging: { kind: 'ema', decay: 0.9 } });
    plain.forEach((state, i) => {
      for (const name of Object.keys(start)) expect(averaged[i]![name]).toEqual(state[name]);
    });
  });

  it('averages what is trained and nothing else', async () => {
    const [state] = await run(sgd, 1, { names: ['head.b'], averaging: { kind: 'swa', from: 1 } });
    expect(Object.keys(averagesIn(state!))).toEqual(['head.b']);
  });

  it('says what the batch lacks', async () => {
    const step = withAveragedWeights(trainingStep(slope, sgd, ['head.b']));
    const state = { ...start, ...averagedWeights(start) };
    const batch = { slope: scalarTensor(1), ...optimiserScalars(sgd, 1, 0.1) };
    const compiling = backend.compile(step, signatureOf(state, batch));
    await expect(compiling).rejects.toMatchObject({ code: 'train/missing-scalar' });
  });

  it.each([
    [{ kind: 'ema', decay: 1 }, /decay is 1/],
    [{ kind: 'swa', from: 0 }, /from is 0/],
  ] as const)('refuses %j', (averaging, message) => {
    expect(() => averagingScalars(averaging, 1)).toThrow(message);
  });
});
