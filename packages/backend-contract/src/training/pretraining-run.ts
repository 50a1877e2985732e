import {
  createPreset,
  drawDropoutMasks,
  dropoutMaskSpecs,
  encodedTokenCount,
  initialiseMaskedAutoencoder,
  type MaskedAutoencoderConfig,
} from '@patchbert/encoder';
import {
  corruptPatches,
  drawMask,
  float32Tensor,
  type HostTensor,
  type HostTensors,
  int32Tensor,
  type Masking,
  maskedPatchCount,
  visibleOrder,
} from '@patchbert/ops';
import { deriveKey, type RandomKey, randomKey } from '@patchbert/random';
import { maskedReconstruction } from '@patchbert/train/step';
import { createTrainingRun, type TrainingRun } from './training-run.ts';
import { waves } from './waves.ts';

export interface PretrainingRunOptions {
  readonly corruption: MaskedAutoencoderConfig['corruption'];
  /** Whether values are missing: a patch of each series that must not be looked at, and points that do not count. */
  readonly gaps: boolean;
  readonly dropout: number;
}

const SERIES = 3;
const PATCHES = 6;
const POINTS = 4;
const masking: Masking = { geometry: 'random', ratio: 0.4 };

/** Pretraining of a tiny masked autoencoder on waves, as `@patchbert/train` does it. */
export function pretrainingRun(options: PretrainingRunOptions): TrainingRun {
  const { corruption, gaps, dropout } = options;
  const config = createPreset('tiny', {
    ...{ patchLength: POINTS, patchCount: PATCHES, width: 8, layers: 2, heads: 2, feedForwardWidth: 12 },
    ...(corruption === 'visible-only' && { decoder: { width: 8, heads: 2, feedForwardWidth: 12 } }),
    corruption,
    dropout,
  });
  const key = randomKey(3);
  return createTrainingRun(
    {
      objective: maskedReconstruction(config),
      parameters: initialiseMaskedAutoencoder(config, deriveKey(key, 'weights')),
      inputsOf: (step) => batchInputs(config, gaps, deriveKey(key, 'batch', step)),
    },
    key,
  );
}

function batchInputs(config: MaskedAutoencoderConfig, gaps: boolean, key: RandomKey): HostTensors {
  const { corruption, encoder } = config;
  const masks = Uint8Array.from(
    Array.from({ length: SERIES }, (_, s) => [
      ...drawMask(masking, PATCHES, deriveKey(key, 'mask', s)),
    ]).flat(),
  );
  const unmeasured = gaps ? firstVisible(masks) : new Set<number>();
  const observed = (point: number) =>
    !unmeasured.has(Math.floor(point / POINTS)) && !(gaps && point % 11 === 5);
  const values = waves(SERIES, PATCHES * POINTS, key).map((value, point) => (observed(point) ? value : 0));
  const { patches, tokenMask } = corruptPatches({
    ...{ patches: values, masks, patchCount: PATCHES, patchLength: POINTS, corruption },
    key: (s) => deriveKey(key, 'corruption', s),
  });
  const shape = [SERIES, PATCHES, POINTS];
  const weight = (point: number) => masks[Math.floor(point / POINTS)]! * Number(observed(point));
  const specs = dropoutMaskSpecs(encoder, {
    series: SERIES,
    tokens: encodedTokenCount(config, maskedPatchCount(masking, PATCHES)),
  });
  return {
    patches: float32Tensor(patches, shape),
    target: float32Tensor(values, shape),
    lossWeight: float32Tensor(
      Float32Array.from(values, (_, point) => weight(point)),
      shape,
    ),
    ...(corruption === 'visible-only' && visibleInputs(masks)),
    ...((corruption === 'token' || corruption === 'bert') && { tokenMask: perPatch(tokenMask) }),
    ...(gaps && { keyMask: keyMask(corruption, masks, unmeasured) }),
    ...prefixed('dropout.', drawDropoutMasks(encoder, specs, deriveKey(key, 'dropout'))),
  };
}

/** The first visible patch of each series. */
function firstVisible(masks: Uint8Array): ReadonlySet<number> {
  return new Set(Array.from({ length: SERIES }, (_, s) => masks.indexOf(0, s * PATCHES)));
}

function visibleInputs(masks: Uint8Array): HostTensors {
  const { visibleIndex, restoreIndex } = visibleOrder(masks, SERIES, PATCHES);
  return {
    visibleIndex: int32Tensor(visibleIndex),
    restoreIndex: int32Tensor(restoreIndex),
    masked: perPatch(masks),
  };
}

function keyMask(
  corruption: MaskedAutoencoderConfig['corruption'],
  masks: Uint8Array,
  unmeasured: ReadonlySet<number>,
): HostTensor {
  const tokens =
    corruption === 'visible-only'
      ? [...visibleOrder(masks, SERIES, PATCHES).visibleIndex]
      : [...masks.keys()];
  const attended = Float32Array.from(tokens, (patch) => Number(!unmeasured.has(patch)));
  return float32Tensor(attended, [SERIES, tokens.length / SERIES]);
}

function perPatch(flags: Uint8Array): HostTensor {
  return float32Tensor(Float32Array.from(flags), [SERIES, PATCHES, 1]);
}

function prefixed(prefix: string, tensors: HostTensors): HostTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
}
