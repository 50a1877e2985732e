import type { Signature, Step } from '@patchbert/backend';
import {
  createPreset,
  initialiseMaskedAutoencoder,
  type MaskedAutoencoderConfig,
  type PresetName,
} from '@patchbert/encoder';
import {
  drawMask,
  float32Tensor,
  type HostTensors,
  int32Tensor,
  maskedPatchCount,
  visibleOrder,
} from '@patchbert/ops';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import {
  type AdamWOptions,
  adamW,
  maskedReconstruction,
  optimiserScalars,
  signatureOf,
  trainingStep,
} from '@patchbert/train/step';

const PATCH_COUNT = 42;
const PATCH_LENGTH = 12;

/** How large a step is; patches are 42 of 12 points in any case. */
export interface StepSize {
  readonly preset: PresetName;
  readonly series: number;
}

/** Width 128, 16 heads, feed-forward 512, 3 layers: about 10 GFLOP. */
const fullSize: StepSize = { preset: 'base', series: 64 };

/** Which patches the encoder sees: all of them, or those that a mask of the given ratio leaves visible. */
export const variants = ['all-patches', 'visible-only-0.4', 'visible-only-0.75'] as const;
export type Variant = (typeof variants)[number];

export interface StepProblem {
  readonly step: Step;
  readonly signature: Signature;
  readonly state: HostTensors;
  readonly batch: HostTensors;
}

/**
 * The step that is timed: forward, backward and Adam without decay or clipping; by default as large as in `bench/peers`.
 */
export function stepProblem(variant: Variant, { preset, series }: StepSize = fullSize): StepProblem {
  const ratio = variant === 'all-patches' ? 0.4 : Number(variant.slice('visible-only-'.length));
  const corruption = variant === 'all-patches' ? 'zero' : 'visible-only';
  const config = createPreset(preset, { patchLength: PATCH_LENGTH, patchCount: PATCH_COUNT, corruption });
  const parameters = initialiseMaskedAutoencoder(config, randomKey(0));
  const options: AdamWOptions = { weightDecay: 0 };
  const optimiser = adamW(options);
  const state = { ...parameters, ...optimiser.initialState(parameters) };
  const batch = { ...inputs(config, ratio, series), ...optimiserScalars(optimiser, 1, 1e-3) };
  const step = trainingStep(maskedReconstruction(config), optimiser, Object.keys(parameters));
  return { step, signature: signatureOf(state, batch), state, batch };
}

function inputs(config: MaskedAutoencoderConfig, ratio: number, series: number): HostTensors {
  const key = randomKey(1);
  const masking = { geometry: 'random', ratio } as const;
  const masks = new Uint8Array(series * PATCH_COUNT);
  for (let s = 0; s < series; s++) {
    masks.set(drawMask(masking, PATCH_COUNT, deriveKey(key, 'mask', s)), s * PATCH_COUNT);
  }
  const shape = [series, PATCH_COUNT, PATCH_LENGTH];
  const target = Float32Array.from(normals(deriveKey(key, 'target'), series * PATCH_COUNT * PATCH_LENGTH));
  const weight = Float32Array.from(target, (_, point) => masks[Math.floor(point / PATCH_LENGTH)]!);
  const tensors = {
    patches: float32Tensor(
      target.map((value, point) => value * (1 - weight[point]!)),
      shape,
    ),
    target: float32Tensor(target, shape),
    lossWeight: float32Tensor(weight, shape),
  };
  if (config.corruption !== 'visible-only') return tensors;
  const order = visibleOrder(masks, series, PATCH_COUNT);
  if (order.visibleCount !== PATCH_COUNT - maskedPatchCount(masking, PATCH_COUNT))
    throw new Error('mask count');
  return {
    ...tensors,
    visibleIndex: int32Tensor(order.visibleIndex),
    restoreIndex: int32Tensor(order.restoreIndex),
    masked: float32Tensor(Float32Array.from(masks), [series, PATCH_COUNT, 1]),
  };
}
