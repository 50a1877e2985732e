import { type EncodedLevels, type EncoderConfig, patchTokens } from '@patchbert/encoder';
import { attentionPool, poolTokens, type TensorSpec, type Tensors, type TokenPooling } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';

/** How the tokens of a level become one vector of a series: pooled, by a learned attention too, or the class token of the level. */
export type Pooling = TokenPooling | 'attention' | 'class';

/** What a head or a probe reads of the encoder. */
export interface FeatureConfig {
  /** `all`: the embedding and every block; `last`: the last block alone. Before the final norm in both. */
  readonly levels: 'all' | 'last';
  readonly poolings: readonly Pooling[];
}

/** Length of the vector of one series that `channels` encoded series make up. */
export function featureWidth(
  { levels, poolings }: FeatureConfig,
  { width, layers }: EncoderConfig,
  channels: number,
): number {
  const perLevel = poolings.filter((pooling) => pooling !== 'class').length;
  const classes = poolings.length - perLevel;
  const depth = levels === 'all' ? layers + 1 : 1;
  // The embedding has no class token.
  return channels * width * (depth * perLevel + classes * (levels === 'all' ? layers : 1));
}

/** What poolings learn, beside the encoder: `pooling.<level>.query` `[D]` for `attention`, which is the mean while it is 0. */
export function poolingSpecs(
  { levels, poolings }: FeatureConfig,
  { width, layers }: EncoderConfig,
): Readonly<Record<string, TensorSpec>> {
  if (!poolings.includes('attention')) return {};
  const depth = levels === 'all' ? layers + 1 : 1;
  return Object.fromEntries(
    Array.from({ length: depth }, (_, level) => [
      queryName(level),
      { shape: [width], dtype: 'float32' } as const,
    ]),
  );
}

function queryName(level: number): string {
  return `pooling.${level}.query`;
}

/**
 * One vector per series: every level's tokens pooled, level by level; `[S, T, D]` each `-> [S / channels, F]`. The vectors of
 * channels that were encoded one by one lie side by side.
 *
 * @param options.parameters those of `poolingSpecs` are read.
 * @param options.channels encoded series that make up one series: 1 when channels are mixed.
 * @example
 * const features = seriesFeatures(encodeLevels(parameters, encoder, input), { levels: 'all', poolings: ['mean', 'max'] }, {
 *   encoder, parameters, channels: 1 });
 */
export function seriesFeatures(
  encoded: EncodedLevels,
  { levels, poolings }: FeatureConfig,
  {
    encoder,
    parameters,
    channels,
  }: { readonly encoder: EncoderConfig; readonly parameters: Tensors; readonly channels: number },
): tf.Tensor2D {
  const blocks = levels === 'all' ? encoded.blocks : encoded.blocks.slice(-1);
  const tokens = [
    ...(levels === 'all' ? [encoded.embedding] : []),
    ...blocks.map((block) => patchTokens(block, encoder)),
  ];
  const plain = poolings.filter((pooling) => pooling !== 'class' && pooling !== 'attention');
  const pooled = tokens.flatMap((level, index) => [
    ...(plain.length > 0 ? [poolTokens(level, plain)] : []), // [S, T, D] -> [S, poolings * D]
    ...(poolings.includes('attention') ? [attentionPool(level, parameters[queryName(index)]!)] : []), // [S, T, D] -> [S, D]
  ]);
  const classTokens = poolings.includes('class') ? blocks.map(classToken) : [];
  const features = tf.concat([...pooled, ...classTokens], 1) as tf.Tensor2D; // [S, F / channels] each -> [S, F / channels]
  if (channels === 1) return features;
  const [series, width] = features.shape;
  return tf.reshape(features, [series / channels, channels * width]); // [S, F / channels] -> [S / channels, F]
}

function classToken(tokens: tf.Tensor3D): tf.Tensor2D {
  const [series, , width] = tokens.shape;
  const first = tf.slice(tokens, [0, 0, 0], [series, 1, width]); // [S, T, D] -> [S, 1, D]
  return tf.reshape(first, [series, width]); // [S, 1, D] -> [S, D]
}
