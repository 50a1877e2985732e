import type { Backend } from '@patchbert/backend';
import type { PenaltyTrial } from '@patchbert/ridge';
import { contextFeatures, encodedFeatures } from '../closed-form/features.ts';
import { fitRidgeHeads, type RidgeHead } from '../closed-form/fit-ridge-heads.ts';
import type { ForecastConfig } from '../config/forecast-config.ts';
import { linearPart, networkPart } from '../model/closed-form-parts.ts';
import type { HorizonModel } from '../model/horizon-model.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import type { ForecastEvent } from './events.ts';
import type { SourceEncoder } from './source-encoder.ts';

/** Where the penalty of the linear head is looked for; the range in which the baseline of docs/results.md was defined. */
const LINEAR_PENALTIES = { start: 0.1, least: 0.01, most: 0.32 };

/** With fewer training rows per feature than this, a larger penalty may be needed. */
const AMPLE_ROWS = 20;

/** A model with the choices that made it. */
export interface FittedHorizon {
  readonly model: HorizonModel;
  readonly choices: readonly Choice[];
}

/** Something that was chosen on the validation windows. */
export interface Choice {
  readonly what: string;
  readonly chosen: string;
  readonly candidates: readonly { readonly label: string; readonly validation: number }[];
}

export interface FitHorizonsOptions {
  readonly config: ForecastConfig;
  readonly hasGaps: boolean;
  readonly onEvent: (event: ForecastEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What heads in closed form need of an encoder. */
type FrozenEncoder = Pick<SourceEncoder, 'encoder' | 'parameters'>;

/** The linear heads of all horizons, in closed form on normalised contexts. */
export async function fitLinearHeads(
  backend: Backend,
  task: ForecastTask,
  { config, hasGaps, onEvent }: FitHorizonsOptions,
): Promise<RidgeHead[]> {
  onEvent({ type: 'stage', text: 'linear ridge on the context' });
  return fitRidgeHeads(backend, task, {
    features: contextFeatures,
    featureCount: task.contextLength,
    horizons: config.horizons,
    context: { hasGaps },
    mostRows: config.ridge.mostLinearRows,
    batchSize: config.batchSize,
    penalties: (features, rows) =>
      rows < AMPLE_ROWS * features ? { ...LINEAR_PENALTIES, most: 1e3 } : LINEAR_PENALTIES,
    onProgress: (done, total) => onEvent({ type: 'progress', what: 'linear ridge', done, total }),
  });
}

/** Heads of all horizons on the frozen encoder's features, in closed form. */
export async function fitFrozenHeads(
  backend: Backend,
  task: ForecastTask,
  { encoder, parameters }: FrozenEncoder,
  { config, hasGaps, onEvent }: FitHorizonsOptions,
  stage = 'ridge heads on the frozen encoder',
): Promise<RidgeHead[]> {
  onEvent({ type: 'stage', text: stage });
  const { patchCount, width } = encoder.config;
  return fitRidgeHeads(backend, task, {
    features: encodedFeatures(encoder),
    featureCount: patchCount * width,
    parameters,
    horizons: config.horizons,
    context: { layout: encoder.layout, hasGaps },
    mostRows: config.ridge.mostRows,
    batchSize: config.batchSize,
    onProgress: (done, total) => onEvent({ type: 'progress', what: 'ridge on the encoder', done, total }),
  });
}

/** The default forecaster: the average of both heads with a weight fixed beforehand. */
export async function fitClosedForm(
  backend: Backend,
  task: ForecastTask,
  source: FrozenEncoder,
  options: FitHorizonsOptions,
): Promise<FittedHorizon[]> {
  const { linearWeight } = options.config;
  const linearHeads = await fitLinearHeads(backend, task, options);
  const frozenHeads = linearWeight < 1 ? await fitFrozenHeads(backend, task, source, options) : [];
  return linearHeads.map((linear) => {
    const { horizon } = linear;
    const frozen = frozenHeads.find((head) => head.horizon === horizon);
    return {
      model: {
        horizon,
        contextLength: task.contextLength,
        linearWeight,
        ...(frozen && { network: networkPart(source.encoder, source.parameters, frozen) }),
        linear: linearPart(linear),
      },
      choices: [
        ...(frozen ? [penaltyChoice('penalty of the head on the frozen encoder', frozen)] : []),
        ...(linear ? [penaltyChoice('penalty of the linear ridge', linear)] : []),
      ],
    };
  });
}

export function penaltyChoice(what: string, { horizon, penalty, trials }: RidgeHead): Choice {
  const label = ({ penalty }: Pick<PenaltyTrial, 'penalty'>) => String(penalty);
  return {
    what: `${what}, horizon ${horizon}`,
    chosen: label({ penalty }),
    candidates: trials.map((trial) => ({ label: label(trial), validation: trial.error })),
  };
}
