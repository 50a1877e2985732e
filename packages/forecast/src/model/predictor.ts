import type { Backend, Program } from '@patchbert/backend';
import { middleLevelIndex } from '@patchbert/encoder';
import { type HostTensor, type HostTensors, int32Tensor } from '@patchbert/ops';
import { signatureOf } from '@patchbert/train';
import { contextBatch } from '../batches/forecast-batch.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import type { ForecastSample } from '../task/forecast-windows.ts';
import { forecastStep, modelState } from './forecast-step.ts';
import type { HorizonModel } from './horizon-model.ts';

/** Forecasts of some samples in the user's units, `[samples * horizon]` each. */
export interface Predictions {
  /** What the forecaster says: the average of its parts. */
  readonly forecast: Float32Array;
  /** The parts, when there are two. */
  readonly network?: Float32Array | undefined;
  readonly linear?: Float32Array | undefined;
  /** `[samples * horizon * levels]`, how far each quantile of the network lies from its middle one. */
  readonly offsets?: Float32Array | undefined;
  /** `[samples]`: deviation of each context. */
  readonly deviations: Float64Array;
}

/** A compiled model; predicts any number of samples, batch by batch. */
export interface Predictor {
  readonly model: HorizonModel;
  predict(task: ForecastTask, samples: readonly ForecastSample[]): Promise<Predictions>;
  /** Predicts with other weights of the network from now on. */
  replaceParameters(parameters: HostTensors): Promise<void>;
  dispose(): void;
}

export interface PredictorOptions {
  /** Samples of one run of the device. */
  readonly batchSize: number;
  /** Whether contexts may have missing values. */
  readonly hasGaps: boolean;
}

/**
 * Compiles a model. A forecast depends on its own context alone: neither on the batch nor on the padding.
 *
 * @example
 * const predictor = await openPredictor(backend, model, task, { batchSize: 512, hasGaps: false });
 * const { forecast } = await predictor.predict(task, samples);
 */
export async function openPredictor(
  backend: Backend,
  model: HorizonModel,
  task: ForecastTask,
  options: PredictorOptions,
): Promise<Predictor> {
  const state = modelState(model);
  const example = modelBatch(model, task, [], options);
  const program = await backend.compile(forecastStep(model), signatureOf(state, example.inputs));
  await program.writeState(state);
  return {
    model,
    predict: (data, samples) => predictAll(program, model, data, samples, options),
    replaceParameters: (parameters) => program.writeState(parameters),
    dispose: () => program.dispose(),
  };
}

async function predictAll(
  program: Program,
  model: HorizonModel,
  task: ForecastTask,
  samples: readonly ForecastSample[],
  options: PredictorOptions,
): Promise<Predictions> {
  const { horizon, network, linear } = model;
  const size = samples.length * horizon;
  const levels = network?.head.quantileLevels;
  const forecast = new Float32Array(size);
  const both = network !== undefined && linear !== undefined;
  const parts = both ? { network: new Float32Array(size), linear: new Float32Array(size) } : undefined;
  const offsets = levels && new Float32Array(size * levels.length);
  const allDeviations = new Float64Array(samples.length);
  for (let first = 0; first < samples.length; first += options.batchSize) {
    const chosen = samples.slice(first, first + options.batchSize);
    const { inputs, means, deviations } = modelBatch(model, task, chosen, options);
    const outputs = await program.run(inputs);
    const networkSays = levels ? middleLevel(outputs.network!, levels) : outputs.network?.data;
    const weight = network === undefined ? 1 : linear === undefined ? 0 : model.linearWeight;
    allDeviations.set(deviations.subarray(0, chosen.length), first);
    for (let s = 0; s < chosen.length; s++) {
      const [mean, deviation] = [means[s]!, deviations[s]!];
      for (let h = 0; h < horizon; h++) {
        const from = s * horizon + h;
        const to = (first + s) * horizon + h;
        const byNetwork = networkSays?.[from] ?? 0;
        const byLinear = outputs.linear?.data[from] ?? 0;
        forecast[to] = mean + deviation * (weight * byLinear + (1 - weight) * byNetwork);
        if (parts) {
          parts.network[to] = mean + deviation * byNetwork;
          parts.linear[to] = mean + deviation * byLinear;
        }
        if (offsets && levels) {
          for (let q = 0; q < levels.length; q++) {
            const value = outputs.network!.data[from * levels.length + q]!;
            offsets[to * levels.length + q] = deviation * (value - byNetwork);
          }
        }
      }
    }
  }
  return { forecast, ...parts, ...(offsets && { offsets }), deviations: allDeviations };
}

function modelBatch(
  { horizon, network }: HorizonModel,
  task: ForecastTask,
  samples: readonly ForecastSample[],
  { batchSize, hasGaps }: PredictorOptions,
) {
  const batch = contextBatch(task, samples, {
    horizon,
    size: batchSize,
    layout: network?.encoder.layout,
    hasGaps,
  });
  if (network === undefined || network.head.channels === 'shared') return batch;
  const channel = new Int32Array(batchSize);
  samples.forEach((sample, s) => {
    channel[s] = sample.channel;
  });
  return { ...batch, inputs: { ...batch.inputs, channel: int32Tensor(channel, [batchSize]) } };
}

/** `[S, H, Q] -> [S * H]`: the level nearest to the median. */
function middleLevel({ data }: HostTensor, levels: readonly number[]): Float32Array {
  const middle = middleLevelIndex(levels);
  const count = data.length / levels.length;
  return Float32Array.from({ length: count }, (_, i) => data[i * levels.length + middle]!);
}
