import {
  createPreset,
  encoderParameterSpecs,
  forecastHeadConfigSchema,
  initialiseHead,
  initialiseMaskedAutoencoder,
  initialiseParameters,
} from '@patchbert/encoder';
import { parseConfig } from '@patchbert/errors';
import { float32Tensor, type HostTensors, int32Tensor, type Tensors, visibleOrder } from '@patchbert/ops';
import { randomKey } from '@patchbert/random';
import { forecasting, maskedReconstruction, type Objective } from '@patchbert/train/step';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { drawn, evaluate } from './evaluate.ts';

/** In double precision the square of the step is far below the tolerance, and so is rounding divided by the step. */
const STEP = 2 ** -16;

const shape = { patchLength: 3, patchCount: 5, width: 8, layers: 2, heads: 2, feedForwardWidth: 12 };
const series = 3;
const masks = Uint8Array.of(0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0);
const perPatch = float32Tensor(Float32Array.from(masks), [series, 5, 1]);
const points = [series, 5, 3];
const { visibleIndex, restoreIndex } = visibleOrder(masks, series, 5);
const reconstruction = {
  patches: drawn('patches', points),
  target: drawn('target', points),
  lossWeight: float32Tensor(
    Float32Array.from({ length: 45 }, (_, i) => masks[Math.floor(i / 3)]!),
    points,
  ),
};
const visible = {
  ...reconstruction,
  visibleIndex: int32Tensor(visibleIndex),
  restoreIndex: int32Tensor(restoreIndex),
  masked: perPatch,
  keyMask: float32Tensor(Float32Array.of(1, 1, 0, 1, 1, 1, 0, 1, 1), [series, 3]),
};

function pretraining(options: object, spectrumWeight = 0): readonly [Objective, HostTensors] {
  const config = createPreset('tiny', { ...shape, ...options });
  return [
    maskedReconstruction(config, { spectrumWeight }),
    initialiseMaskedAutoencoder(config, randomKey(2)),
  ];
}

function forecaster(loss: 'mae' | 'huber' | 'quantile'): readonly [Objective, HostTensors] {
  const { encoder } = createPreset('tiny', shape);
  const levels = loss === 'quantile' ? { quantileLevels: [0.1, 0.5, 0.9] } : {};
  const head = parseConfig(forecastHeadConfigSchema, { horizon: 4, ...levels }, 'head');
  const parameters = {
    ...initialiseParameters(encoderParameterSpecs(encoder), randomKey(2)),
    ...initialiseHead(head, encoder, randomKey(2)),
  };
  return [forecasting({ encoder, head, loss }), parameters];
}

const future = {
  patches: drawn('patches', points),
  target: drawn('future', [series, 4]),
  lossWeight: drawn('weight', [series, 4], 0.5, 1.5),
};

const cases: readonly (readonly [string, readonly [Objective, HostTensors], HostTensors])[] = [
  ['pretraining on visible patches', pretraining({}), visible],
  [
    'pretraining with a learned token',
    pretraining({ corruption: 'token' }),
    { ...reconstruction, tokenMask: perPatch },
  ],
  [
    'pretraining with norms after blocks',
    pretraining({ corruption: 'zero', normPlacement: 'post' }),
    reconstruction,
  ],
  ['pretraining with spectra', pretraining({ corruption: 'zero' }, 0.5), reconstruction],
  ['forecasts by absolute errors', forecaster('mae'), future],
  ['forecasts by Huber errors', forecaster('huber'), future],
  ['forecasts of quantiles', forecaster('quantile'), future],
];

describe('in the float64 reference, traced gradients agree with central differences: ', () => {
  it.each(cases)('%s', async (_, [objective, parameters], batch) => {
    const names = Object.keys(parameters);
    const directions = names.map((name) => drawn(`direction of ${name}`, parameters[name]!.shape, -1, 1));
    const start = names.map((name) => {
      const moves = drawn(`start of ${name}`, parameters[name]!.shape, -0.2, 0.2).data;
      return float32Tensor(
        Float32Array.from(parameters[name]!.data, (x, i) => x + moves[i]!),
        parameters[name]!.shape,
      );
    });
    const given = Object.fromEntries(
      names.flatMap((name, i) => [
        [`parameter ${name}`, start[i]!],
        [`direction ${name}`, directions[i]!],
      ]),
    );
    const outputs = await evaluate((inputs) => differences(objective, names, inputs), { ...given, ...batch });
    let known = 0;
    for (const name of names) {
      const [error, length] = [outputs[`error ${name}`]!.data[0]!, outputs[`length ${name}`]!.data[0]!];
      expect(error, name).toBeLessThanOrEqual(1e-7 * length + 1e-9);
      if (length > 1e-3) known++;
    }
    // The bias of keys has no gradient, and mask tokens have none that nothing reads.
    expect(known).toBeGreaterThanOrEqual(names.length - 5);
  });
});

/** By parameter: the difference of slope and finite difference in a direction of length 1, and the gradient's length. */
function differences(objective: Objective, names: readonly string[], inputs: Tensors): Tensors {
  const at = names.map((name) => inputs[`parameter ${name}`]!);
  const loss = (...tensors: tf.Tensor[]) =>
    objective.loss(Object.fromEntries(names.map((name, i) => [name, tensors[i]!])), inputs);
  const slopes = tf.grads(loss)(at);
  const outputs = names.map((name, i) => {
    const raw = inputs[`direction ${name}`]!;
    const direction = tf.div(raw, tf.sqrt(tf.sum(tf.square(raw))));
    const moved = (sign: number) => loss(...at.with(i, tf.add(at[i]!, tf.mul(direction, sign * STEP))));
    const difference = tf.div(tf.sub(moved(1), moved(-1)), 2 * STEP);
    const slope = tf.sum(tf.mul(slopes[i]!, direction));
    return [
      [`error ${name}`, tf.abs(tf.sub(difference, slope))],
      [`length ${name}`, tf.sqrt(tf.sum(tf.square(slopes[i]!)))],
    ] as const;
  });
  return Object.fromEntries(outputs.flat());
}
