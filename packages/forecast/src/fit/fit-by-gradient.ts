import type { Backend } from '@patchbert/backend';
import {
  encoderParameterSpecs,
  type ForecastHeadConfig,
  forecastHeadConfigSchema,
  initialiseHead,
  initialiseParameters,
} from '@patchbert/encoder';
import { parseConfig } from '@patchbert/errors';
import { deriveKey, randomKey } from '@patchbert/random';
import { type AdaptationRecord, adaptByGradient, forecasting } from '@patchbert/train';
import type { ForecastConfig } from '../config/forecast-config.ts';
import { validationError } from '../evaluate/validation-error.ts';
import type { NetworkPart } from '../model/horizon-model.ts';
import { openPredictor } from '../model/predictor.ts';
import { exogenousWidth } from '../task/exogenous.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import { forecastWindows, spreadSamples } from '../task/forecast-windows.ts';
import type { Choice, FitHorizonsOptions } from './fit-horizons.ts';
import { interrupted } from './interrupted.ts';
import type { SourceEncoder } from './source-encoder.ts';
import { trainingBatches } from './training-batches.ts';

/** Single-channel validation windows that decide which weights are kept. */
const VALIDATION_SERIES = 6_000;

export interface GradientFit {
  readonly network: NetworkPart;
  readonly choice: Choice;
  readonly history: readonly AdaptationRecord[];
}

/** Trains head, or head and encoder, of one horizon by gradient; keeps what is best on thinned validation windows. */
export async function fitByGradient(
  backend: Backend,
  task: ForecastTask,
  source: SourceEncoder,
  horizon: number,
  { config, hasGaps, onEvent, signal }: FitHorizonsOptions,
): Promise<GradientFit> {
  const { loss, huberDelta, dropout, headDropout, augment: _augment, ...training } = config.training;
  const strategy = config.adapt === 'ridge' ? 'linear-probe' : config.adapt;
  const encoder = { ...source.encoder, config: { ...source.encoder.config, dropout } };
  const head = headOf(config, task, horizon, headDropout);
  const key = deriveKey(randomKey(config.seed), 'forecast', horizon);
  const fresh = strategy === 'scratch';
  const initialParameters = {
    ...(fresh
      ? initialiseParameters(encoderParameterSpecs(encoder.config), deriveKey(key, 'encoder'))
      : source.parameters),
    ...initialiseHead(head, encoder.config, deriveKey(key, 'head')),
  };
  const networkWith = (parameters: NetworkPart['parameters']): NetworkPart => ({
    encoder: source.encoder,
    head: { ...head, dropout: 0 },
    parameters,
  });
  const windows = spreadSamples(forecastWindows(task, 'validation', horizon), VALIDATION_SERIES);
  const samples = Array.from({ length: windows.count }, (_, index) => windows.sample(index));
  const model = { horizon, contextLength: task.contextLength, linearWeight: 0 };
  const predictor = await openPredictor(
    backend,
    { ...model, network: networkWith(initialParameters) },
    task,
    { batchSize: config.batchSize, hasGaps },
  );
  onEvent({ type: 'stage', text: `${strategy} for horizon ${horizon}` });
  try {
    const result = await adaptByGradient({
      backend,
      encoderConfig: encoder.config,
      headConfig: head,
      initialParameters,
      objective: forecasting({ encoder: encoder.config, head, loss, huberDelta }),
      training: { ...training, strategy, seed: config.seed },
      makeBatch: trainingBatches(task, { horizon, encoder: source.encoder, config, hasGaps }),
      validate: async (parameters) => {
        await predictor.replaceParameters(parameters);
        return validationError(task, samples, await predictor.predict(task, samples), horizon);
      },
      signal,
      onEvent(event) {
        if (event.type === 'step') {
          const { step, steps, loss } = event;
          onEvent({ type: 'step', step, steps, loss, what: `${event.phase}, horizon ${horizon}` });
        } else if (event.type === 'validation') {
          onEvent({ type: 'validation', step: event.step, error: event.value, best: event.best });
        }
      },
    });
    if (result.status === 'interrupted') throw interrupted();
    return {
      network: networkWith(result.parameters),
      choice: stepChoice(strategy, horizon, result.history, result),
      history: result.history,
    };
  } finally {
    predictor.dispose();
  }
}

function headOf(
  { head, training, quantileLevels }: ForecastConfig,
  task: ForecastTask,
  horizon: number,
  dropout: number,
): ForecastHeadConfig {
  const { kind, pooling, channels } = head;
  return parseConfig(
    forecastHeadConfigSchema,
    {
      kind,
      ...(pooling && { pooling }),
      horizon,
      channels: channels === 'shared' ? 'shared' : task.panel.frame.channels.length,
      exogenousWidth: exogenousWidth(task.exogenous, horizon),
      ...(training.loss === 'quantile' && { quantileLevels: [...quantileLevels] }),
      dropout,
    },
    'forecast head',
  );
}

function stepChoice(
  strategy: string,
  horizon: number,
  history: readonly AdaptationRecord[],
  { bestStep, initialValidation }: { readonly bestStep: number; readonly initialValidation?: number },
): Choice {
  const validated = history.flatMap(({ step, validation }) =>
    validation === undefined ? [] : [{ label: `step ${step}`, validation }],
  );
  return {
    what: `step of ${strategy}, horizon ${horizon}`,
    chosen: `step ${bestStep}`,
    candidates: [
      ...(initialValidation === undefined ? [] : [{ label: 'step 0', validation: initialValidation }]),
      ...validated,
    ],
  };
}
