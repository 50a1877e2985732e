import { type ExportedModel, exportModel } from '@patchbert/onnx';
import { modelState } from '../model/forecast-step.ts';
import { modelFor } from '../model/model-for.ts';
import { chosenLevels } from '../model/residual-quantiles.ts';
import { readForecaster, type StoredForecaster } from '../store/read-forecaster.ts';
import { roles } from '../task/prepare-task.ts';
import { type RawForecast, rawForecastInputs } from './raw-forecast.ts';
import { rawForecastStep } from './raw-forecast-step.ts';

export interface ExportForecasterOptions {
  /** Rows to predict: the shortest fitted horizon that covers them is exported. Default: the longest. */
  readonly horizon?: number | undefined;
  /** Default: those of the configuration; none where the forecaster has no quantiles. */
  readonly quantileLevels?: readonly number[] | undefined;
}

/**
 * A fitted forecaster as one ONNX file, from raw values to raw values: input `values` `[batch, contextLength, channels]`, NaN where one
 * is missing; outputs `forecast` `[batch, horizon, channels]` and `quantiles` `[batch, horizon, channels, levels]`. Forecasters with
 * calendar or covariates read `calendar` `[batch, 2 * cycles]` (sine and cosine of each cycle at the first row to be predicted) and
 * `covariates` `[batch, horizon, covariates]`. The metadata name channels, levels, lengths and the configuration.
 *
 * @param folder what `fitForecaster` left.
 * @throws PatchBertError `forecast/no-forecaster`, `forecast/bad-forecaster`, `forecast/bad-horizon`, `forecast/no-quantiles`.
 * @example
 * const { file } = await exportForecaster('forecaster', { horizon: 96 });
 */
export async function exportForecaster(
  folder: string,
  options: ExportForecasterOptions = {},
): Promise<ExportedModel> {
  return exportStored(await readForecaster(folder), options);
}

/** The same for a forecaster in memory. */
export async function exportStored(
  { file, models }: StoredForecaster,
  { horizon, quantileLevels }: ExportForecasterOptions,
): Promise<ExportedModel> {
  const model = modelFor(models, horizon ?? models.at(-1)!.horizon);
  const { scored } = roles(file.config, file.channels);
  const raw: RawForecast = {
    model,
    channels: scored,
    exogenous: file.exogenous,
    quantileLevels: chosenLevels(model, file.config, quantileLevels),
  };
  const metadata = {
    'patchbert.kind': 'forecaster',
    'patchbert.version': file.patchbert,
    'patchbert.contextLength': `${file.contextLength}`,
    'patchbert.horizon': `${model.horizon}`,
    'patchbert.channels': JSON.stringify(scored.map((channel) => file.channels[channel])),
    'patchbert.quantileLevels': JSON.stringify(raw.quantileLevels),
    'patchbert.calendar': JSON.stringify(file.exogenous.calendar),
    'patchbert.covariates': JSON.stringify(file.exogenous.covariates),
    'patchbert.trainingUnits': JSON.stringify(file.units),
    'patchbert.dataFingerprint': file.dataFingerprint,
    'patchbert.config': JSON.stringify(file.config),
  };
  return exportModel({
    name: 'forecaster',
    step: rawForecastStep(raw),
    state: modelState(model),
    inputs: (batch) => rawForecastInputs(raw, batch),
    metadata,
  });
}
