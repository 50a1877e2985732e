import { drawDropoutMasks } from '@patchbert/encoder';
import type { HostTensors } from '@patchbert/ops';
import { deriveKey, type RandomKey } from '@patchbert/random';
import type { PatchTSTConfig } from '../config/patchtst-config.ts';
import { headInputWidth, seriesLayout, tokenCount } from '../config/token-layout.ts';
import { DROPOUT_PREFIX } from '../model/dropout.ts';

type Shapes = Readonly<Record<string, readonly number[]>>;

/**
 * The dropout masks of one training step as batch entries `dropout.<place>`, drawn on the host so that every backend drops the same;
 * nothing for a model whose rates are all 0.
 *
 * @param batch B, samples of the step.
 * @param key one per step, such as `deriveKey(randomKey(seed), 'dropout', step)`.
 * @example
 * const inputs = { ...forecastingBatch(config, series, future), ...drawPatchTSTDropout(config, 32, key) };
 */
export function drawPatchTSTDropout(config: PatchTSTConfig, batch: number, key: RandomKey): HostTensors {
  const rates = config.dropout;
  const places = dropoutShapes(config, batch);
  const masks: Record<string, HostTensors[string]> = {};
  for (const kind of ['attention', 'position', 'path', 'feedForward', 'head'] as const) {
    if (rates[kind] === 0) continue;
    const specs = Object.fromEntries(
      Object.entries(places[kind]).map(([place, shape]) => [
        DROPOUT_PREFIX + place,
        { shape, dtype: 'float32' as const },
      ]),
    );
    Object.assign(masks, drawDropoutMasks({ dropout: rates[kind] }, specs, deriveKey(key, kind)));
  }
  return masks;
}

/** Where a model drops, with the shapes that are dropped from. */
function dropoutShapes(
  config: PatchTSTConfig,
  batch: number,
): Record<keyof PatchTSTConfig['dropout'], Shapes> {
  const { channels, layers, heads, width, feedForwardWidth, channelAttention, task } = config;
  const { patchCount } = seriesLayout(config);
  const tokens = tokenCount(config);
  const rows = batch * channels * tokens;
  const perLayer = (shapes: Shapes): Shapes =>
    Object.fromEntries(
      Array.from({ length: layers }, (_, layer) =>
        Object.entries(shapes).map(([place, shape]) => [`encoder.layers.${layer}.${place}`, shape]),
      ).flat(),
    );
  const ofAllChannels = task === 'classify' || task === 'regress';
  return {
    position: { 'encoder.position': [batch, channels, patchCount, width] },
    attention: perLayer({
      attention: [batch * channels, heads, tokens, tokens],
      ...(channelAttention && { channelAttention: [batch * tokens, heads, channels, channels] }),
    }),
    path: perLayer({
      attentionPath: [rows, width],
      ...(channelAttention && { channelPath: [rows, width] }),
      feedForwardPath: [rows, width],
    }),
    feedForward: perLayer({ feedForward: [rows, feedForwardWidth] }),
    head:
      task === 'encode'
        ? {}
        : {
            head:
              task === 'pretrain'
                ? [batch, channels, tokens, width]
                : [ofAllChannels ? batch : batch * channels, headInputWidth(config)],
          },
  };
}
