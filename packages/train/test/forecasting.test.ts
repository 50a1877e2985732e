import { encodePatches, forecastHead, middleLevelIndex } from '@patchbert/encoder';
import { float32Tensor, type HostTensors, type Tensors } from '@patchbert/ops';
import { randomKey } from '@patchbert/random';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { type ForecastingConfig, forecasting } from '../src/index.ts';
import { sineBatch, tinyEncoder, tinyHead, tinyParameters, toTensors } from './support/tiny-forecaster.ts';

const levels = [0.2, 0.5, 0.9];
const variants: Record<string, Pick<ForecastingConfig, 'head' | 'loss' | 'huberDelta'>> = {
  mse: { head: tinyHead(), loss: 'mse' },
  mae: { head: tinyHead(), loss: 'mae' },
  huber: { head: tinyHead(), loss: 'huber', huberDelta: 0.5 },
  quantile: { head: tinyHead({ quantileLevels: levels }), loss: 'quantile' },
};

function value(tensor: tf.Tensor): number {
  return tensor.dataSync()[0]!;
}

/** Every third target was not measured; what stands there is a filler. */
function withGaps(batch: HostTensors, filler = 0): HostTensors {
  const weight = batch.lossWeight!.data.map((w, i) => (i % 3 === 0 ? 0 : w * (1 + (i % 4))));
  const target = batch.target!.data.map((t, i) => (i % 3 === 0 ? filler : t));
  return {
    ...batch,
    lossWeight: float32Tensor(weight as Float32Array, batch.lossWeight!.shape),
    target: float32Tensor(target as Float32Array, batch.target!.shape),
  };
}

describe.each(Object.entries(variants))('forecasting with loss %s', (_, { head, ...rest }) => {
  const objective = forecasting({ encoder: tinyEncoder, head, ...rest });
  const parameters = toTensors(tinyParameters(head));
  const host = withGaps(sineBatch(randomKey(4)));
  const batch = toTensors(host);

  it('evaluates to sums whose quotient is the loss', () => {
    const { weightedLoss, count } = objective.evaluate(parameters, batch);
    expect(value(weightedLoss!) / value(count!)).toBeCloseTo(value(objective.loss(parameters, batch)), 5);
  });

  it('measures errors of the point forecast, by weight', () => {
    const { prediction, squaredError, absoluteError, count } = objective.evaluate(parameters, batch);
    const perPoint = head.quantileLevels?.length ?? 1;
    const middle = head.quantileLevels ? middleLevelIndex(head.quantileLevels) : 0;
    const all = prediction!.dataSync();
    const sums = { squared: 0, absolute: 0, weight: 0 };
    host.target!.data.forEach((target, i) => {
      const error = all[i * perPoint + middle]! - target;
      const weight = host.lossWeight!.data[i]!;
      sums.squared += weight * error ** 2;
      sums.absolute += weight * Math.abs(error);
      sums.weight += weight;
    });
    expect(value(squaredError!)).toBeCloseTo(sums.squared, 4);
    expect(value(absoluteError!)).toBeCloseTo(sums.absolute, 4);
    expect(value(count!)).toBe(sums.weight);
  });

  it('does not see the filler of a missing target', () => {
    const other = toTensors(withGaps(sineBatch(randomKey(4)), 1e6));
    const gradients = (inputs: Tensors) =>
      tf.grads((...tensors: tf.Tensor[]) =>
        objective.loss(
          Object.fromEntries(Object.keys(parameters).map((name, i) => [name, tensors[i]!])),
          inputs,
        ),
      )(Object.values(parameters));
    expect(value(objective.loss(parameters, other))).toBe(value(objective.loss(parameters, batch)));
    expect(gradients(other).map((g) => g.dataSync())).toEqual(gradients(batch).map((g) => g.dataSync()));
  });

  it('predicts what the encoder and the head predict', () => {
    const tokens = encodePatches(parameters, tinyEncoder, { patches: batch.patches as tf.Tensor3D });
    expect(objective.evaluate(parameters, batch).prediction!.dataSync()).toEqual(
      forecastHead(parameters, head, tokens).dataSync(),
    );
  });
});

describe('a loss that does not go with the head is refused', () => {
  it.each([
    ['quantile', {}, /needs a head with quantileLevels/],
    ['mse', { quantileLevels: levels }, /choose loss "quantile"/],
  ] as const)('%s', (loss, options, message) => {
    expect(() => forecasting({ encoder: tinyEncoder, head: tinyHead(options), loss })).toThrow(message);
  });
});
