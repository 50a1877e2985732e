import { type Backend, type Step, tfjsCpu } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import {
  drawDropoutMasks,
  dropoutMaskSpecs,
  type EncoderConfig,
  encoderConfigSchema,
  encoderParameterSpecs,
  type ForecastHeadConfig,
  forecastHeadConfigSchema,
  headDropoutMaskSpecs,
  initialiseHead,
  initialiseParameters,
} from '@patchbert/encoder';
import { parseConfig } from '@patchbert/errors';
import { float32Tensor, type HostTensors, int32Tensor } from '@patchbert/ops';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import {
  type AdaptationConfigInput,
  adamW,
  adaptByGradient,
  evaluationStep,
  type ForecastingConfig,
  forecasting,
  optimiserScalars,
  signatureOf,
  trainingStep,
} from '@patchbert/train';
import { afterAll, beforeAll, expect, test } from 'vitest';

const STEPS = 5;
const SERIES = 6;

const encoder: EncoderConfig = parseConfig(
  encoderConfigSchema,
  { patchLength: 4, patchCount: 5, width: 8, layers: 2, heads: 2, feedForwardWidth: 12, dropout: 0.1 },
  'encoder',
);
const levels = [0.1, 0.5, 0.9];

type Variant = Pick<ForecastingConfig, 'loss'> & { readonly head: object };
const kinds = { flatten: { kind: 'flatten' }, mean: { kind: 'pooled' } };
const sharing = { shared: {}, 'per channel': { channels: 3 } };
const outputs = { points: 'mse', quantiles: 'quantile' } as const;

const variants: Record<string, Variant> = {
  ...Object.fromEntries(
    Object.entries(kinds).flatMap(([kindName, kind]) =>
      Object.entries(sharing).flatMap(([sharingName, channels]) =>
        Object.entries(outputs).map(([outputName, loss]): [string, Variant] => {
          const quantileLevels = loss === 'quantile' ? { quantileLevels: levels } : {};
          const head = { ...kind, ...channels, ...quantileLevels };
          return [`${kindName}, ${sharingName}, ${outputName}`, { loss, head }];
        }),
      ),
    ),
  ),
  'maximum, absolute error': { loss: 'mae', head: { kind: 'pooled', pooling: 'max' } },
  'last token, Huber loss': { loss: 'huber', head: { kind: 'pooled', pooling: 'last' } },
  'exogenous, head dropout': { loss: 'mse', head: { exogenousWidth: 2, dropout: 0.4 } },
};

let reference: Backend;
let tested: Backend;
beforeAll(async () => {
  [reference, tested] = await Promise.all([tfjsCpu.create(), onnxCpu.create({ threads: 1 })]);
});
afterAll(async () => {
  await reference.dispose();
  await tested.dispose();
});

test.each(Object.entries(variants))(
  'a forecaster trains the same on every backend: %s',
  async (name, variant) => {
    const head = parseConfig(forecastHeadConfigSchema, { horizon: 3, ...variant.head }, name);
    const expected = await trained(reference, head, variant.loss);
    const actual = await trained(tested, head, variant.loss);
    expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
    for (const [entry, { data }] of Object.entries(expected)) {
      // Adam divides by the size of a gradient: where that is rounding noise, so is the direction of its step.
      if (!entry.startsWith('adam.') && entry.includes('key.bias')) continue;
      const worst = Math.max(...Array.from(data, (value, i) => Math.abs(value - actual[entry]!.data[i]!)));
      expect(worst, entry).toBeLessThanOrEqual(2e-4);
    }
  },
);

const adaptations: Record<string, AdaptationConfigInput> = {
  'moving average, frozen embedding': { strategy: 'fine-tune', freeze: ['encoder.embedding'] },
  'frozen encoder, mean of the end': {
    strategy: 'linear-probe',
    averaging: { kind: 'swa', start: 0.4 },
    schedule: 'one-cycle',
  },
};

test.each(Object.entries(adaptations))('adapting agrees on every backend: %s', async (_, training) => {
  const head = parseConfig(forecastHeadConfigSchema, { horizon: 3, dropout: 0.2 }, 'head');
  const initialParameters = {
    ...initialiseParameters(encoderParameterSpecs(encoder), randomKey(0)),
    ...initialiseHead(head, encoder, randomKey(0)),
  };
  const [expected, actual] = await Promise.all(
    [reference, tested].map((backend) =>
      adaptByGradient({
        backend,
        encoderConfig: encoder,
        headConfig: head,
        initialParameters,
        objective: forecasting({ encoder, head, loss: 'mse' }),
        training: { steps: STEPS, ...training },
        makeBatch: (step) => inputs(head, step),
      }),
    ),
  );
  for (const [name, { data }] of Object.entries(expected!.parameters)) {
    if (name.includes('key.bias')) continue;
    const other = actual!.parameters[name]!.data;
    const worst = Math.max(...Array.from(data, (value, i) => Math.abs(value - other[i]!)));
    expect(worst, name).toBeLessThanOrEqual(1e-5);
  }
});

/** State after a few training steps, what they reported, and an evaluation of the result. */
async function trained(
  backend: Backend,
  head: ForecastHeadConfig,
  loss: ForecastingConfig['loss'],
): Promise<HostTensors> {
  const parameters = {
    ...initialiseParameters(encoderParameterSpecs(encoder), randomKey(0)),
    ...initialiseHead(head, encoder, randomKey(0)),
  };
  const names = Object.keys(parameters);
  const optimiser = adamW({ clipNorm: 1 });
  const state = { ...parameters, ...optimiser.initialState(parameters) };
  const objective = forecasting({ encoder, head, loss });
  const step = trainingStep(objective, optimiser, names);
  const results = await run(backend, step, state, STEPS, (index) => ({
    ...inputs(head, index),
    ...dropout(head, index),
    ...optimiserScalars(optimiser, index, 1e-2),
  }));
  const final = Object.fromEntries(names.map((name) => [name, results[name]!]));
  return { ...results, ...(await run(backend, evaluationStep(objective), final, 1, () => inputs(head, 0))) };
}

async function run(
  backend: Backend,
  step: Step,
  state: HostTensors,
  steps: number,
  batch: (step: number) => HostTensors,
): Promise<HostTensors> {
  const program = await backend.compile(step, signatureOf(state, batch(1)));
  await program.writeState(state);
  const reports: Record<string, HostTensors[string]> = {};
  for (let index = 1; index <= steps; index++) {
    for (const [name, tensor] of Object.entries(await program.run(batch(index)))) {
      reports[`${name} of step ${index}`] = tensor;
    }
  }
  const result = { ...(await program.readState()), ...reports };
  program.dispose();
  return result;
}

/** Two measured values of each series are missing: one has no target, one leaves a patch without a value. */
function inputs({ horizon, exogenousWidth, channels }: ForecastHeadConfig, step: number): HostTensors {
  const draw = (name: string, shape: number[]) => {
    const count = shape.reduce((product, size) => product * size, 1);
    return float32Tensor(Float32Array.from(normals(deriveKey(randomKey(7), name, step), count)), shape);
  };
  // Uneven weights: slopes of a pinball loss take few values, and sums of them could cancel exactly.
  const { data: uneven } = draw('lossWeight', [SERIES * horizon]);
  const lossWeight = Float32Array.from(uneven, (z, i) => (i % 4 === 1 ? 0 : 1 + Math.abs(z)));
  const keyMask = Float32Array.from({ length: SERIES * encoder.patchCount }, (_, i) => (i % 7 === 3 ? 0 : 1));
  return {
    patches: draw('patches', [SERIES, encoder.patchCount, encoder.patchLength]),
    keyMask: float32Tensor(keyMask, [SERIES, encoder.patchCount]),
    target: draw('target', [SERIES, horizon]),
    lossWeight: float32Tensor(lossWeight, [SERIES, horizon]),
    ...(exogenousWidth > 0 && { exogenous: draw('exogenous', [SERIES, exogenousWidth]) }),
    ...(channels !== 'shared' && { channel: int32Tensor(Int32Array.of(0, 2, 1, 1, 0, 2)) }),
  };
}

function dropout(head: ForecastHeadConfig, step: number): HostTensors {
  const key = deriveKey(randomKey(8), step);
  const masks = {
    ...drawDropoutMasks(
      encoder,
      dropoutMaskSpecs(encoder, { series: SERIES, tokens: encoder.patchCount }),
      key,
    ),
    ...drawDropoutMasks(head, headDropoutMaskSpecs(head, encoder, SERIES), key),
  };
  return Object.fromEntries(Object.entries(masks).map(([name, mask]) => [`dropout.${name}`, mask]));
}
