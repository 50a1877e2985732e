import { PatchBertError } from '@patchbert/errors';
import {
  type ForecastConfigInput,
  type ForecastEvent,
  forecastConfigSchema,
  type SplitOption,
} from '@patchbert/forecast';
import type { PretrainConfigInput, PretrainEvent } from '@patchbert/train';
import type { BackendOption } from '../backend/open-backend.ts';
import { requireKnownOptions } from './known-options.ts';

/** What a fit tells about itself; `pretraining` is the run that comes first when there is no checkpoint. */
export type FitEvent = ForecastEvent | { readonly type: 'pretraining'; readonly event: PretrainEvent };

/** Settings of the pretraining that comes first; those left out are chosen by the length of the data. */
export type PretrainOptions = Partial<Omit<PretrainConfigInput, 'data'>>;

type Horizons =
  /** Rows to predict. */
  | { readonly horizon: number; readonly horizons?: never }
  /** The same, several; one model each. */
  | { readonly horizons: readonly number[]; readonly horizon?: never };

interface FitSurroundings extends BackendOption {
  /** Folder of a pretraining run or of one of its checkpoints. Default: an encoder is pretrained first. */
  readonly checkpoint?: string;
  /** Settings of that pretraining. */
  readonly pretrain?: PretrainOptions;
  /** A new folder to keep the forecaster in. Default: a temporary one, which `dispose` removes; `save` copies it. */
  readonly folder?: string;
  /** Default: 70 % train, 10 % validation, the last 20 % test, by time, of every recording. */
  readonly split?: SplitOption;
  /** Proves on the finished forecaster that nothing leaks; the receipt says what was tried. */
  readonly audit?: boolean;
  /** Where the data came from, for the receipt. Default: the name of the frame. */
  readonly source?: string;
  /** Interrupts: `fit` rejects with `forecast/interrupted` and leaves no temporary file. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: FitEvent) => void;
}

/** What `Forecaster.fit` takes: the horizon, everything `forecastConfigSchema` knows, and where and on what to run. */
export type FitOptions = Horizons & Omit<ForecastConfigInput, 'horizons'> & FitSurroundings;

export interface FitRequest extends FitSurroundings {
  readonly config: ForecastConfigInput & { readonly horizons: number[] };
}

const surroundings = [
  'backend',
  'threads',
  'checkpoint',
  'pretrain',
  'folder',
  'split',
  'audit',
  'source',
  'signal',
  'onEvent',
] as const satisfies readonly (keyof FitSurroundings)[];

/**
 * Takes the settings of the forecaster and those of its surroundings apart.
 *
 * @throws PatchBertError `config/invalid` for an unknown option, or not exactly one of `horizon` and `horizons`.
 */
export function fitRequest({ horizon, horizons, ...options }: FitOptions): FitRequest {
  requireKnownOptions(options, ['horizon', ...surroundings, ...Object.keys(forecastConfigSchema.shape)]);
  if ((horizon === undefined) === (horizons === undefined)) {
    throw new PatchBertError(
      'config/invalid',
      `fit: ${horizon === undefined ? 'the rows to predict are missing' : 'both horizon and horizons are given'}; expected horizon, a number, or horizons, a list of them.`,
    );
  }
  const { backend, threads, checkpoint, pretrain, folder, split, audit, source, signal, onEvent, ...config } =
    options;
  return {
    config: { ...config, horizons: horizon === undefined ? [...horizons!] : [horizon] },
    ...(backend !== undefined && { backend }),
    ...(threads !== undefined && { threads }),
    ...(checkpoint !== undefined && { checkpoint }),
    ...(pretrain !== undefined && { pretrain }),
    ...(folder !== undefined && { folder }),
    ...(split !== undefined && { split }),
    ...(audit !== undefined && { audit }),
    ...(source !== undefined && { source }),
    ...(signal !== undefined && { signal }),
    ...(onEvent !== undefined && { onEvent }),
  };
}
