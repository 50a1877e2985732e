import { PatchBertError } from '@patchbert/errors';
import type { Tensors, TokenIndex } from '@patchbert/ops';
import type * as tf from '@tensorflow/tfjs-core';
import { type EncoderConfig, patchWidth } from '../config/encoder-config.ts';

/** What a forward pass reads. Presence of an entry must not vary between the runs of one compiled step. */
export interface EncoderInput {
  /** `[S, N, P]`, normalised; S = windows x channels. Missing points hold any finite number. With `places`: `[S, V, P]`. */
  readonly patches: tf.Tensor3D;
  /** `[S, N, 1]`: 1 where the learned mask token stands for the patch. */
  readonly tokenMask?: tf.Tensor3D | undefined;
  /** `[S, T]`: 1 where a token may be looked at, 0 for a patch without a single observed point. Default: 1. */
  readonly keyMask?: tf.Tensor2D | undefined;
  /** Which patches to encode (T = V), from `visibleOrder`. Default: all of them (T = N). */
  readonly visible?: TokenIndex | undefined;
  /**
   * Of a single series (S = 1): which of the N places the patches stand at when `patches` holds V of them, the same ones for
   * every series. The others were never cut, so nothing is spent on them.
   */
  readonly places?: TokenIndex | undefined;
  /** Masks of `dropoutMaskSpecs`; absent when evaluating. */
  readonly dropoutMasks?: Tensors | undefined;
}

/** @throws PatchBertError `encoder/bad-shape` when `patches` are not what the configuration says. */
export function checkPatches({ patches, places }: EncoderInput, config: EncoderConfig): void {
  const [, count, width] = patches.shape;
  const expectedCount = places?.visibleIndex.size ?? config.patchCount;
  if (patches.rank === 3 && count === expectedCount && width === patchWidth(config)) return;
  throw new PatchBertError(
    'encoder/bad-shape',
    `encodePatches: patches have shape [${patches.shape.join(', ')}], expected [series, ${expectedCount}, ${patchWidth(config)}] ` +
      '(series, patches, patchLength x inputChannels). Cut the series with the layout that the configuration was made for.',
  );
}
