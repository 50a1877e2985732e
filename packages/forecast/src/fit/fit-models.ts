import type { Backend } from '@patchbert/backend';
import type { ForecastConfig } from '../config/forecast-config.ts';
import { linearPart } from '../model/closed-form-parts.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import { fitByGradient } from './fit-by-gradient.ts';
import { type Control, fitControl } from './fit-control.ts';
import {
  type FitHorizonsOptions,
  type FittedHorizon,
  fitClosedForm,
  fitLinearHeads,
  penaltyChoice,
} from './fit-horizons.ts';
import type { SourceEncoder } from './source-encoder.ts';

/** Loss and validation error over the steps of a gradient fit. */
export interface LearningCurve {
  readonly name: string;
  readonly points: readonly { readonly step: number; readonly loss: number; readonly validation?: number }[];
}

export interface FittedForecaster {
  readonly config: ForecastConfig;
  /** Ascending by horizon. */
  readonly horizons: readonly FittedHorizon[];
  readonly curves: readonly LearningCurve[];
  /** What it is compared with, when the configuration asks for it. */
  readonly control?: Control | undefined;
}

/** Fits the parts of every horizon as the configuration says, and the control. */
export async function fitModels(
  backend: Backend,
  task: ForecastTask,
  source: SourceEncoder,
  options: FitHorizonsOptions,
): Promise<FittedForecaster> {
  const { config } = options;
  const fitted = await fitHorizons(backend, task, source, options);
  if (!config.control || config.adapt === 'scratch' || config.linearWeight === 1) return fitted;
  return { ...fitted, control: await fitControl(backend, task, source, options) };
}

async function fitHorizons(
  backend: Backend,
  task: ForecastTask,
  source: SourceEncoder,
  options: FitHorizonsOptions,
): Promise<FittedForecaster> {
  const { config } = options;
  if (config.adapt === 'ridge' || config.linearWeight === 1) {
    return { config, horizons: await fitClosedForm(backend, task, source, options), curves: [] };
  }
  const linearHeads = await fitLinearHeads(backend, task, options);
  const horizons: FittedHorizon[] = [];
  const curves: LearningCurve[] = [];
  for (const horizon of [...new Set(config.horizons)].sort((a, b) => a - b)) {
    const { network, choice, history } = await fitByGradient(backend, task, source, horizon, options);
    const linear = linearHeads.find((head) => head.horizon === horizon);
    horizons.push({
      model: {
        horizon,
        contextLength: task.contextLength,
        linearWeight: config.linearWeight,
        network,
        ...(linear && { linear: linearPart(linear) }),
      },
      choices: [choice, ...(linear ? [penaltyChoice('penalty of the linear ridge', linear)] : [])],
    });
    curves.push({
      name: `${config.adapt}, horizon ${horizon}`,
      points: history.map(({ step, loss, validation }) => ({
        step,
        loss,
        ...(validation !== undefined && { validation }),
      })),
    });
  }
  return { config, horizons, curves };
}
