import type { Backend } from '@patchbert/backend';
import { networkPart } from '../model/closed-form-parts.ts';
import type { HorizonModel, NetworkPart } from '../model/horizon-model.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import { fitByGradient } from './fit-by-gradient.ts';
import { type FitHorizonsOptions, fitFrozenHeads } from './fit-horizons.ts';
import { randomParameters } from './random-encoder.ts';
import type { SourceEncoder } from './source-encoder.ts';

/** The same network without pretraining, to see what pretraining is worth. */
export interface Control {
  readonly method: string;
  /** By horizon. */
  readonly models: ReadonlyMap<number, HorizonModel>;
}

/**
 * Fits what the forecaster is compared with: heads in closed form on an encoder of random weights where the forecaster's are
 * in closed form, the whole network from scratch, with as many steps, where it is trained by gradient.
 */
export async function fitControl(
  backend: Backend,
  task: ForecastTask,
  source: SourceEncoder,
  options: FitHorizonsOptions,
): Promise<Control> {
  const { config } = options;
  const model = (horizon: number, network: NetworkPart): [number, HorizonModel] => [
    horizon,
    { horizon, contextLength: task.contextLength, linearWeight: 0, network },
  ];
  if (config.adapt === 'ridge') {
    const random = { ...source, parameters: randomParameters(source.encoder.config, config.seed) };
    const heads = await fitFrozenHeads(
      backend,
      task,
      random,
      options,
      'ridge heads on random weights, as a control',
    );
    return {
      method: 'same network, random weights',
      models: new Map(
        heads.map((head) => model(head.horizon, networkPart(random.encoder, random.parameters, head))),
      ),
    };
  }
  const scratch = { ...options, config: { ...config, adapt: 'scratch' as const } };
  const models = new Map<number, HorizonModel>();
  for (const horizon of new Set(config.horizons)) {
    const { network } = await fitByGradient(backend, task, source, horizon, scratch);
    models.set(...model(horizon, network));
  }
  return { method: 'same network, from scratch', models };
}
