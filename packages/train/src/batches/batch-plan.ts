import type { Frame, Rows, SeriesSample } from '@patchbert/data';
import type { MaskedAutoencoderConfig } from '@patchbert/encoder';
import type { HostTensors, Masking, PatchLayout } from '@patchbert/ops';

/** What every batch of a run has in common. */
export interface BatchPlan {
  readonly frame: Frame;
  readonly layout: PatchLayout;
  readonly model: MaskedAutoencoderConfig;
  readonly masking: Masking;
  /** Whether channels of the same window share one mask. */
  readonly maskChannels: 'independent' | 'shared';
  /** Normalised values are clipped to plus and minus this. */
  readonly outlierLimit: number;
  /** By segment, then channel: added to the variance of a window, in the channel's squared units. */
  readonly epsilons: readonly (readonly number[])[];
  /** Whether values are missing, so that batches carry a `keyMask`. */
  readonly hasGaps: boolean;
  readonly seed: number;
}

/** Which series a batch holds, and what its randomness is keyed by. */
export interface BatchRequest {
  readonly samples: readonly SeriesSample[];
  /** Training masks change with `epoch`; validation masks never change. */
  readonly purpose: 'training' | 'validation';
  /** Default 0. */
  readonly epoch?: number;
  /** `[series]`, 0 for padding. Default: every series counts. */
  readonly weights?: Float32Array;
  /** `[series]`: only points of these rows of each count in the loss. Default: all. */
  readonly scoredRows?: readonly Rows[];
}

/** A batch for the device, and what the host needs to judge and plot what comes back. */
export interface PretrainBatch {
  /** Inputs of the step, by the names `maskedReconstruction` reads. */
  readonly inputs: HostTensors;
  readonly samples: readonly SeriesSample[];
  /** `[series * patches]`: 1 = hidden, to be reconstructed. */
  readonly masks: Uint8Array;
  /** `[series * patches]`: 1 = hidden, and nothing of it is shown. Less than `masks` with `bert` alone, which shows a tenth as it is. */
  readonly concealed: Uint8Array;
  /** `[series * patches * patchLength]`: 1 = a value was measured here. */
  readonly observed: Uint8Array;
  /** `[series * patches * patchLength]`: normalised, clipped values; 0 where nothing was measured. */
  readonly normalised: Float32Array;
  /** `[series]`: mean and scale of the visible, observed values, in the user's units. */
  readonly means: Float64Array;
  readonly scales: Float64Array;
  /** With per-patch targets: `[series * patches]`, what was subtracted from and divided out of each patch. */
  readonly patchStatistics?: { readonly means: Float64Array; readonly scales: Float64Array };
}
