import type { Backend } from '@patchbert/backend';
import type { Panel, Split } from '@patchbert/data';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import {
  checkForecast,
  type ForecastConfig,
  type ForecastConfigInput,
  forecastConfigSchema,
} from '@patchbert/forecast';
import {
  type PretrainConfigInput,
  preparePretraining,
  pretrain,
  pretrainConfigSchema,
} from '@patchbert/train';
import type { FitEvent, FitRequest } from './fit-options.ts';
import { fittingLengths } from './fitting-lengths.ts';

export interface FirstPretraining {
  readonly request: FitRequest;
  readonly panel: Panel;
  readonly splits: readonly Split[];
  readonly backend: Backend;
  /** New or empty. */
  readonly runFolder: string;
  readonly onEvent: (event: FitEvent) => void;
}

/** What goes into the fit: a context length where none was given, and the folder of an encoder where one is needed. */
export interface FitSource {
  readonly config: ForecastConfigInput & { readonly horizons: number[] };
  readonly checkpoint?: string;
}

/**
 * The encoder to fit on: the given one; else one that is pretrained now on the training rows, unless nothing pretrained goes
 * into the forecaster. Everything that can be known beforehand is checked first, so that nobody waits for a fit that cannot
 * begin.
 *
 * @throws PatchBertError `config/invalid`, `data/too-few-rows`, `data/unknown-channel`, `forecast/no-times`,
 * `forecast/interrupted`, and others of `pretrain`.
 */
export async function pretrainedEncoder(first: FirstPretraining): Promise<FitSource> {
  const { request, panel, splits, backend, runFolder, onEvent } = first;
  const config = parseConfig(forecastConfigSchema, request.config, 'fit');
  if (request.checkpoint !== undefined && request.checkpoint !== 'random') {
    return { config: request.config, checkpoint: request.checkpoint };
  }
  const pretraining = pretrainConfigFor(config, first);
  const fitted = { ...request.config, contextLength: pretraining.contextLength! };
  if (request.checkpoint !== undefined) return { config: fitted, checkpoint: request.checkpoint };
  if (config.adapt === 'scratch' || config.linearWeight === 1) return { config: fitted };

  const { frame, segments } = panel;
  const data = { frame, segments, splits };
  checkForecast(config, data, fitted.contextLength);
  preparePretraining(parseConfig(pretrainConfigSchema, pretraining, 'pretrain'), data);
  onEvent({ type: 'stage', text: announcement(pretraining, splits) });
  const { status } = await pretrain({
    config: pretraining,
    data,
    backend,
    runFolder,
    ...(request.signal && { signal: request.signal }),
    onEvent: (event) => onEvent({ type: 'pretraining', event }),
  });
  if (status === 'finished') return { config: fitted, checkpoint: runFolder };
  throw new PatchBertError(
    'forecast/interrupted',
    'fit: stopped before the encoder was pretrained; fit it again, with a new folder if one is given.',
  );
}

function pretrainConfigFor(
  config: ForecastConfig,
  { request: { pretrain: given = {}, source }, panel, splits }: FirstPretraining,
): PretrainConfigInput {
  if (
    config.contextLength !== undefined &&
    (given.contextLength ?? config.contextLength) !== config.contextLength
  ) {
    throw new PatchBertError(
      'config/invalid',
      `fit: contextLength is ${config.contextLength}, and pretrain.contextLength ${given.contextLength}; give one of them.`,
    );
  }
  const { preset, ...lengths } = fittingLengths(
    splits,
    panel.frame.channels.length,
    Math.max(...config.horizons),
    { contextLength: config.contextLength ?? given.contextLength, patchLength: given.patchLength },
  );
  return {
    seed: config.seed,
    ...lengths,
    ...given,
    contextLength: lengths.contextLength,
    model: { preset, ...given.model },
    data: { source: source ?? panel.frame.name },
  };
}

function announcement(
  { contextLength, patchLength, steps, model }: PretrainConfigInput,
  splits: readonly Split[],
): string {
  const rows = splits.reduce((sum, { train }) => sum + train.end - train.start, 0);
  return (
    `no checkpoint is given, so an encoder is pretrained first on the ${rows.toLocaleString('en-US')} training rows: ` +
    `context ${contextLength}, patches of ${patchLength}, ${steps?.toLocaleString('en-US')} steps of the ${model?.preset} model`
  );
}
