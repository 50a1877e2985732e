import type { Step } from '@patchbert/backend';
import { encoderParameterSpecs } from '@patchbert/encoder';
import { type ExportedModel, exportModel } from '@patchbert/onnx';
import { observedPoints } from '@patchbert/ops';
import { packageVersion } from '@patchbert/train';
import * as tf from '@tensorflow/tfjs-core';
import type { EmbeddingPooling } from '../embedding-options.ts';
import type { WindowEncoder } from '../encoder/load-encoder.ts';
import { embeddingStep } from '../model/embedding-step.ts';

export interface ExportEncoderOptions {
  /** How the patches of a window become one vector. Default `mean`. */
  readonly pooling?: EmbeddingPooling | undefined;
}

/**
 * An encoder as one ONNX file, from raw windows to vectors: input `values` `[batch, contextLength]`, one channel each, NaN where a
 * value is missing; outputs `patches` `[batch, patches, width]` and `vectors` `[batch, width]`, those of `openEmbedder` at the levels `patch`
 * and `series`. Where nothing was measured the vector is NaN.
 *
 * @throws PatchBertError `embed/no-class-token`.
 * @example
 * const { file } = await exportEncoder(await loadEncoder('runs/first'));
 */
export async function exportEncoder(
  { encoder, parameters, source }: WindowEncoder,
  { pooling = 'mean' }: ExportEncoderOptions = {},
): Promise<ExportedModel> {
  const { config, layout } = encoder;
  const names = Object.keys(encoderParameterSpecs(config));
  return exportModel({
    name: 'encoder',
    step: rawEncoderStep(embeddingStep(encoder, 'none'), embeddingStep(encoder, pooling)),
    state: Object.fromEntries(names.map((name) => [name, parameters[name]!])),
    inputs: (batch) => ({ values: { shape: [batch, layout.contextLength], dtype: 'float32' } }),
    metadata: {
      'patchbert.kind': 'encoder',
      'patchbert.version': packageVersion(),
      'patchbert.source': source,
      'patchbert.contextLength': `${layout.contextLength}`,
      'patchbert.patchLength': `${layout.patchLength}`,
      'patchbert.pooling': pooling,
      'patchbert.config': JSON.stringify(config),
    },
  });
}

/** Both steps on the same raw windows; what they have in common is computed once. */
function rawEncoderStep(byPatch: Step, pooled: Step): Step {
  return (state, batch) => {
    const values = batch.values as tf.Tensor2D;
    const inputs = { values, observed: observedPoints(values) };
    const { vectors: patches, seen } = byPatch(state, inputs).outputs;
    const { vectors } = pooled(state, inputs).outputs;
    const isSeen = tf.greater(seen!, 0); // [B, N]
    const unknown = tf.scalar(Number.NaN);
    return {
      state: {},
      outputs: {
        patches: tf.where(tf.expandDims(isSeen, 2), patches!, unknown), // [B, N] -> [B, N, 1]; [B, N, D]
        vectors: tf.where(tf.greater(tf.max(seen!, 1, true), 0), vectors!, unknown), // [B, N] -> [B, 1]; [B, D]
      },
    };
  };
}
