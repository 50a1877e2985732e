import {
  drawDropoutMasks,
  dropoutMaskSpecs,
  encoderConfigSchema,
  encoderParameterSpecs,
  forecastHeadConfigSchema,
  headDropoutMaskSpecs,
  initialiseHead,
  initialiseParameters,
} from '@patchbert/encoder';
import { parseConfig } from '@patchbert/errors';
import { float32Tensor, type HostTensors } from '@patchbert/ops';
import { deriveKey, type RandomKey, randomKey } from '@patchbert/random';
import { type ForecastingConfig, forecasting } from '@patchbert/train/step';
import { createTrainingRun, type TrainingRun } from './training-run.ts';
import { waves } from './waves.ts';

export interface ForecastingRunOptions {
  readonly loss: ForecastingConfig['loss'];
  readonly dropout: number;
}

const SERIES = 4;
const PATCHES = 5;
const POINTS = 3;
const HORIZON = 4;

/** Fine-tuning of a tiny forecaster on waves with missing patches and targets, as `@patchbert/train` does it. */
export function forecastingRun({ loss, dropout }: ForecastingRunOptions): TrainingRun {
  const encoder = parseConfig(
    encoderConfigSchema,
    {
      ...{ patchLength: POINTS, patchCount: PATCHES, width: 8, layers: 2, heads: 2, feedForwardWidth: 12 },
      dropout,
    },
    'encoder of the forecasting run',
  );
  const head = parseConfig(
    forecastHeadConfigSchema,
    { horizon: HORIZON, dropout, ...(loss === 'quantile' && { quantileLevels: [0.1, 0.5, 0.9] }) },
    'head of the forecasting run',
  );
  const key = randomKey(5);
  const weights = deriveKey(key, 'weights');
  return createTrainingRun(
    {
      objective: forecasting({ encoder, head, loss }),
      parameters: {
        ...initialiseParameters(encoderParameterSpecs(encoder), weights),
        ...initialiseHead(head, encoder, weights),
      },
      inputsOf: (step) => batchInputs({ encoder, head, loss }, deriveKey(key, 'batch', step)),
    },
    key,
  );
}

function batchInputs({ encoder, head }: ForecastingConfig, key: RandomKey): HostTensors {
  const context = PATCHES * POINTS;
  const length = context + HORIZON;
  const all = waves(SERIES, length, key);
  // One patch of each series and every fifth target were not measured; 0 stands there.
  const missingPatch = (s: number) => s % PATCHES;
  const seen = (s: number, t: number) => Math.floor(t / POINTS) !== missingPatch(s);
  const counts = (i: number) => i % 5 !== 2;
  const pick = (count: number, value: (s: number, t: number, i: number) => number) =>
    Float32Array.from({ length: SERIES * count }, (_, i) => value(Math.floor(i / count), i % count, i));
  const masks = {
    ...drawDropoutMasks(encoder, dropoutMaskSpecs(encoder, { series: SERIES, tokens: PATCHES }), key),
    ...drawDropoutMasks(head, headDropoutMaskSpecs(head, encoder, SERIES), key),
  };
  return {
    patches: float32Tensor(
      pick(context, (s, t) => (seen(s, t) ? all[s * length + t]! : 0)),
      [SERIES, PATCHES, POINTS],
    ),
    keyMask: float32Tensor(
      pick(PATCHES, (s, patch) => Number(patch !== missingPatch(s))),
      [SERIES, PATCHES],
    ),
    target: float32Tensor(
      pick(HORIZON, (s, t, i) => (counts(i) ? all[s * length + context + t]! : 0)),
      [SERIES, HORIZON],
    ),
    lossWeight: float32Tensor(
      pick(HORIZON, (s, _, i) => (counts(i) ? 0.5 + 0.25 * s : 0)),
      [SERIES, HORIZON],
    ),
    ...Object.fromEntries(Object.entries(masks).map(([name, mask]) => [`dropout.${name}`, mask])),
  };
}
