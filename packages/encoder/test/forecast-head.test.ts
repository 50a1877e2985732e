import {
  drawDropoutMasks,
  type ForecastHeadConfig,
  type ForecastHeadInput,
  forecastHead,
  forecastHeadConfigSchema,
  headDropoutMaskSpecs,
  headFeatureWidth,
  headParameterSpecs,
  initialiseHead,
  middleLevelIndex,
} from '@patchbert/encoder';
import { parseConfig } from '@patchbert/errors';
import type { Tensors } from '@patchbert/ops';
import { randomKey } from '@patchbert/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawNormals, numbers, smallConfig, toTensors } from './model-setup.ts';

const { encoder } = smallConfig(); // 5 patches, 8 wide
const tokens = drawNormals<tf.Tensor3D>('tokens', [3, 5, 8]);
const exogenous = drawNormals<tf.Tensor2D>('exogenous', [3, 2]);
const channel = tf.tensor1d([2, 0, 2], 'int32');

function headConfig(options: Parameters<typeof forecastHeadConfigSchema.parse>[0]): ForecastHeadConfig {
  return parseConfig(forecastHeadConfigSchema, { horizon: 4, ...(options as object) }, 'head');
}

/** Parameters away from their start, so that a wrong one shows. */
function headParameters(config: ForecastHeadConfig, deviation = 0.3): Tensors {
  return Object.fromEntries(
    Object.entries(toTensors(initialiseHead(config, encoder, randomKey(3)))).map(([name, tensor]) => [
      name,
      tf.add(tensor, drawNormals(name, tensor.shape, deviation)),
    ]),
  );
}

const quantileLevels = [0.1, 0.4, 0.55, 0.9];
const cases: [string, ForecastHeadConfig, ForecastHeadInput, number[]][] = [
  ['flatten', headConfig({}), {}, [3, 4]],
  ['mean', headConfig({ kind: 'pooled' }), {}, [3, 4]],
  ['max', headConfig({ kind: 'pooled', pooling: 'max' }), {}, [3, 4]],
  ['last', headConfig({ kind: 'pooled', pooling: 'last' }), {}, [3, 4]],
  ['flatten, quantiles', headConfig({ quantileLevels }), {}, [3, 4, 4]],
  ['mean, one level', headConfig({ kind: 'pooled', quantileLevels: [0.5] }), {}, [3, 4, 1]],
  ['flatten, exogenous', headConfig({ exogenousWidth: 2 }), { exogenous }, [3, 4]],
  ['flatten, per channel', headConfig({ channels: 3 }), { channel }, [3, 4]],
  [
    'mean, per channel, quantiles, exogenous',
    headConfig({ kind: 'pooled', channels: 3, quantileLevels, exogenousWidth: 2 }),
    { channel, exogenous },
    [3, 4, 4],
  ],
];

describe.each(cases)('a head of %s', (_, config, input, shape) => {
  it('has the shape it promises', () => {
    expect(forecastHead(headParameters(config), config, tokens, input).shape).toEqual(shape);
  });

  it('has gradients that agree with finite differences, for tokens and parameters', async () => {
    const parameters: Tensors = { ...headParameters(config), tokens };
    const upstream = drawNormals('upstream', shape);
    const names = Object.keys(parameters);
    const loss = (...tensors: tf.Tensor[]) => {
      const named = Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
      const forecast = forecastHead(named, config, named.tokens as tf.Tensor3D, input);
      return tf.sum(tf.mul(forecast, upstream)) as tf.Scalar;
    };
    const at = async (name: string, moved: tf.Tensor) =>
      (await numbers(loss(...Object.values({ ...parameters, [name]: moved }))))[0]!;
    const step = 3e-3;
    for (const [i, gradient] of tf.grads(loss)(Object.values(parameters)).entries()) {
      const name = names[i]!;
      expect(gradient.shape, name).toEqual(parameters[name]!.shape);
      const length = (await numbers(tf.norm(gradient)))[0]!;
      expect(length, name).toBeGreaterThan(1e-3);
      const along = tf.mul(gradient, step / length);
      const ahead = await at(name, tf.add(parameters[name]!, along));
      const behind = await at(name, tf.sub(parameters[name]!, along));
      expect(Math.abs((ahead - behind) / (2 * step) - length), name).toBeLessThan(0.01 * length + 5e-3);
    }
  });
});

describe('a head of one map per channel', () => {
  const config = headConfig({ channels: 3, kind: 'pooled' });
  const parameters = headParameters(config);

  it('gives each series what a shared head of its channel gives', async () => {
    const forecast = forecastHead(parameters, config, tokens, { channel });
    for (const [series, c] of [2, 0, 2].entries()) {
      const own = {
        'head.weight': tf.squeeze(tf.slice(parameters['head.weight']!, [c, 0, 0], [1, -1, -1]), [0]),
        'head.bias': tf.squeeze(tf.slice(parameters['head.bias']!, [c, 0], [1, -1]), [0]),
      };
      const shared = forecastHead(own, headConfig({ kind: 'pooled' }), tokens);
      const [actual, expected] = await Promise.all(
        [forecast, shared].map((all) => numbers(tf.slice(all, [series, 0], [1, -1]))),
      );
      actual!.forEach((value, i) => {
        expect(value).toBeCloseTo(expected![i]!, 5);
      });
    }
  });

  it('leaves the map of an absent channel without a gradient', async () => {
    const loss = (weight: tf.Tensor) =>
      tf.sum(
        tf.square(forecastHead({ ...parameters, 'head.weight': weight }, config, tokens, { channel })),
      ) as tf.Scalar;
    const gradient = tf.grad(loss)(parameters['head.weight']!);
    const sizes = await numbers(tf.sum(tf.abs(gradient), [1, 2]));
    expect(sizes[1]).toBe(0);
    expect(sizes[0]).toBeGreaterThan(0);
    expect(sizes[2]).toBeGreaterThan(0);
  });
});

describe('quantiles', () => {
  it('never cross, whatever the parameters', () => {
    const levels = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(levels, fc.double({ min: 0, max: 30, noNaN: true }), (percents, deviation) => {
        const sorted = percents.map((percent) => percent / 100).sort((a, b) => a - b);
        const config = headConfig({ quantileLevels: sorted });
        const values = tf.tidy(() =>
          forecastHead(headParameters(config, deviation), config, tokens).dataSync(),
        );
        for (let i = 1; i < values.length; i++) {
          if (i % sorted.length !== 0) expect(values[i]!).toBeGreaterThanOrEqual(values[i - 1]!);
        }
      }),
      { seed: 31, numRuns: 40 },
    );
  });

  it('take the middle level as it is, so a point head of its rows agrees', async () => {
    const config = headConfig({ quantileLevels });
    const parameters = headParameters(config);
    const middle = middleLevelIndex(quantileLevels);
    expect(middle).toBe(2);
    const rows = tf.range(middle, 16, 4, 'int32');
    const own = Object.fromEntries(
      Object.entries(parameters).map(([name, tensor]) => [name, tf.gather(tensor, rows)]),
    );
    const quantiles = forecastHead(parameters, config, tokens);
    const median = await numbers(tf.slice(quantiles, [0, 0, middle], [-1, -1, 1]));
    const points = await numbers(forecastHead(own, headConfig({}), tokens));
    median.forEach((value, i) => {
      expect(value).toBeCloseTo(points[i]!, 5);
    });
  });

  it('start where a logistic distribution has them', async () => {
    const config = headConfig({ kind: 'pooled', quantileLevels });
    const parameters = toTensors(initialiseHead(config, encoder, randomKey(3)));
    const forecast = await numbers(forecastHead(parameters, config, tf.zeros([1, 5, 8])));
    quantileLevels.forEach((level, q) => {
      expect(forecast[q]).toBeCloseTo((Math.sqrt(3) / Math.PI) * Math.log(level / (1 - level)), 4);
    });
  });
});

describe('parameters', () => {
  it('have the shapes of the specification, equal bits for equal keys, and start near the mean', async () => {
    for (const [, config, input] of cases) {
      const specs = headParameterSpecs(config, encoder);
      const start = initialiseHead(config, encoder, randomKey(3));
      expect(Object.keys(start)).toEqual(Object.keys(specs));
      for (const [name, { shape, dtype }] of Object.entries(start))
        expect({ shape, dtype }).toEqual(specs[name]);
      expect(initialiseHead(config, encoder, randomKey(3))).toEqual(start);
      if (config.quantileLevels) continue;
      const forecast = await numbers(forecastHead(toTensors(start), config, tokens, input));
      expect(Math.max(...forecast.map(Math.abs))).toBeLessThan(0.5);
    }
  });

  it('read features patch by patch', () => {
    expect(headFeatureWidth({ kind: 'flatten' }, encoder)).toBe(40);
    expect(headFeatureWidth({ kind: 'pooled' }, encoder)).toBe(8);
  });
});

describe('dropout', () => {
  it('hides features and nothing else', async () => {
    const config = headConfig({ dropout: 0.5, exogenousWidth: 2 });
    const specs = headDropoutMaskSpecs(config, encoder, 3);
    expect(specs).toEqual({ head: { shape: [3, 40], dtype: 'float32' } });
    const dropoutMask = toTensors(drawDropoutMasks(config, specs, randomKey(5))).head as tf.Tensor2D;
    expect(new Set(await numbers(dropoutMask))).toEqual(new Set([0, 2]));
    const parameters = headParameters(config);
    const dropped = forecastHead(parameters, config, tokens, { exogenous, dropoutMask });
    const hidden = tf.mul<tf.Tensor3D>(tokens, tf.reshape(dropoutMask, [3, 5, 8]));
    expect(await numbers(dropped)).toEqual(
      await numbers(forecastHead(parameters, config, hidden, { exogenous })),
    );
  });

  it('needs no mask when its rate is 0', () => {
    expect(headDropoutMaskSpecs(headConfig({}), encoder, 3)).toEqual({});
  });
});

describe('mistakes are refused', () => {
  it.each([
    ['pooling of a flatten head', { pooling: 'mean' }, /remove pooling/],
    ['levels that do not ascend', { quantileLevels: [0.5, 0.1] }, /ascending/],
    ['a level twice', { quantileLevels: [0.5, 0.5] }, /ascending/],
    ['a level of 1', { quantileLevels: [0.5, 1] }, /quantileLevels/],
    ['no level', { quantileLevels: [] }, /quantileLevels/],
    ['a misspelt key', { quantilLevels: [0.5] }, /Did you mean "quantileLevels"/],
    ['a horizon of 0', { horizon: 0 }, /horizon/],
  ])('%s', (_, options, message) => {
    expect(() => headConfig(options)).toThrow(message);
  });

  it.each([
    ['exogenous left out', headConfig({ exogenousWidth: 2 }), {}, /exogenous has 0 .* made for 2/],
    ['exogenous of another width', headConfig({ exogenousWidth: 3 }), { exogenous }, /exogenous has 2/],
    ['channel left out', headConfig({ channels: 3 }), {}, /pass channel/],
    ['channel too many', headConfig({}), { channel }, /leave channel out/],
  ])('%s', (_, config, input, message) => {
    expect(() => forecastHead(headParameters(config), config, tokens, input)).toThrow(message);
  });
});
