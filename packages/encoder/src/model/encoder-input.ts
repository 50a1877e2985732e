import { PatchBertError } from '@patchbert/errors';
import type { Tensors, TokenIndex } from '@patchbert/ops';
import type * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig } from '../config/encoder-config.ts';

/** What a forward pass reads. Presence of an entry must not vary between the runs of one compiled step. */
export interface EncoderInput {
  /** `[S, N, P]`, normalised; S = windows x channels. Missing points hold any finite number. */
  readonly patches: tf.Tensor3D;
  /** `[S, N, 1]`: 1 where the learned mask token stands for the patch. */
  readonly tokenMask?: tf.Tensor3D | undefined;
  /** `[S, T]`: 1 where a token may be looked at, 0 for a patch without a single observed point. Default: 1. */
  readonly keyMask?: tf.Tensor2D | undefined;
  /** Which patches to encode (T = V), from `visibleOrder`. Default: all of them (T = N). */
  readonly visible?: TokenIndex | undefined;
  /** Masks of `dropoutMaskSpecs`; absent when evaluating. */
  readonly dropoutMasks?: Tensors | undefined;
}

/** @throws PatchBertError `encoder/bad-shape` when `patches` are not what the configuration says. */
export function checkPatches({ patches }: EncoderInput, { patchCount, patchLength }: EncoderConfig): void {
  const [, count, length] = patches.shape;
  if (patches.rank === 3 && count === patchCount && length === patchLength) return;
  throw new PatchBertError(
    'encoder/bad-shape',
    `encodePatches: patches have shape [${patches.shape.join(', ')}], expected [series, ${patchCount}, ${patchLength}] ` +
      '(series, patchCount, patchLength). Cut the series with the layout that the configuration was made for.',
  );
}
