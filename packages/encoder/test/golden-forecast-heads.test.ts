import { type ForecastHeadConfig, forecastHead, forecastHeadConfigSchema } from '@patchbert/encoder';
import { parseConfig } from '@patchbert/errors';
import { weightedMeanSquaredError } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectGradient, expectValues, goldenFolders, goldenJson, goldenTensors } from './golden-folder.ts';

/** PatchTST forecasters that read their patches, not a cls token, with one projection for all channels. */
const models = goldenFolders().filter((name) => {
  const config = goldenJson(name, 'config.json');
  const [architecture] = (config.architectures as string[] | undefined) ?? [];
  return (
    architecture === 'PatchTSTForPrediction' && !config.use_cls_token && config.share_projection === true
  );
});

describe('forecastHead equals Hugging Face PatchTST', () => {
  it('on at least one model', () => {
    expect(models.length).toBeGreaterThan(0);
  });

  it.each(models)('%s', async (name) => {
    const theirs = goldenJson(name, 'config.json');
    const io = goldenTensors(name, 'io.safetensors');
    const weights = goldenTensors(name, 'weights.safetensors');
    const config = headConfig(theirs);
    const hidden = io.get<tf.Tensor4D>('last_hidden_state');
    const [batch, channels, patches, width] = hidden.shape;
    const tokens = tf.reshape(hidden, [batch * channels, patches, width]) as tf.Tensor3D; // [B, C, N, D] -> [S, N, D]
    const parameters = {
      'head.weight': weights.get('head.projection.weight'),
      'head.bias': weights.get('head.projection.bias'),
    };
    const predict = (weight: tf.Tensor, bias: tf.Tensor) => {
      const forecast = forecastHead({ 'head.weight': weight, 'head.bias': bias }, config, tokens);
      const byChannel = tf.reshape(forecast, [batch, channels, config.horizon]); // [S, H] -> [B, C, H]
      const steps = tf.transpose(byChannel, [0, 2, 1]); // [B, C, H] -> [B, H, C]
      return tf.add(tf.mul(steps, io.get('scale')), io.get('loc'));
    };
    const start = [parameters['head.weight'], parameters['head.bias']] as const;
    await expectValues(predict(...start), io.get('prediction_outputs'), name);

    // With batch norm, gradients were taken in training mode, of other hidden states than those kept here.
    if (theirs.norm_type !== 'layernorm') return;
    const target = io.get('future_values');
    const loss = (weight: tf.Tensor, bias: tf.Tensor) =>
      weightedMeanSquaredError(predict(weight, bias), target, tf.onesLike(target));
    const grads = goldenTensors(name, 'grads.safetensors');
    const [dWeight, dBias] = tf.grads(loss)([...start]);
    await expectGradient(dWeight!, grads.get('head.projection.weight'), `${name} weight`);
    await expectGradient(dBias!, grads.get('head.projection.bias'), `${name} bias`);
  });
});

function headConfig(theirs: Record<string, unknown>): ForecastHeadConfig {
  const pooled = { kind: 'pooled', pooling: theirs.pooling_type };
  const kind = theirs.pooling_type === null ? { kind: 'flatten' } : pooled;
  return parseConfig(forecastHeadConfigSchema, { ...kind, horizon: theirs.prediction_length }, 'golden head');
}
