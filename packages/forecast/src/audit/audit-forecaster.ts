import type { Backend } from '@patchbert/backend';
import { createFrame } from '@patchbert/data';
import { parseConfig } from '@patchbert/errors';
import {
  type AuditFinding,
  auditForecasts,
  compareRuns,
  expectMoved,
  expectUnmoved,
  type Perturbation,
  perturbRows,
} from '@patchbert/evaluation';
import { pretrainConfigSchema } from '@patchbert/train';
import { contextFeatures } from '../closed-form/features.ts';
import { fitRidgeHeads } from '../closed-form/fit-ridge-heads.ts';
import type { ForecastConfig } from '../config/forecast-config.ts';
import type { HorizonModel } from '../model/horizon-model.ts';
import { openPredictor } from '../model/predictor.ts';
import { type ForecastTask, trainingUnits } from '../task/forecast-task.ts';
import { forecastWindows } from '../task/forecast-windows.ts';
import { hasGaps } from '../task/prepare-task.ts';
import { auditMasking } from './audit-masking.ts';

/** Rows of each refit of the audit: few, as only equality matters. */
const REFIT_ROWS = 2_000;

/** A finished forecaster, and how its encoder was pretrained. */
export interface AuditedForecaster {
  readonly models: readonly HorizonModel[];
  readonly config: ForecastConfig;
  /** Configuration of the pretraining; absent for an encoder with random weights. */
  readonly pretraining?: unknown;
}

/**
 * Perturbs what must not be seen, by far and by making it missing, and looks what moves: what pretraining shows the
 * encoder when hidden patches change; forecasts of a test window when
 * later rows change; the units of scores and the weights of a refit when the test rows change. Controls prove that the
 * audit would notice.
 *
 * @param onProgress told after each part of the audit; what it throws ends the audit.
 */
export async function auditForecaster(
  backend: Backend,
  task: ForecastTask,
  { models, config, pretraining }: AuditedForecaster,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<AuditFinding[]> {
  const total = models.length + 2;
  const findings =
    pretraining === undefined
      ? []
      : auditMasking(parseConfig(pretrainConfigSchema, pretraining, 'pretraining'), task);
  onProgress(1, total);
  for (const [index, model] of models.entries()) {
    findings.push(...(await auditPredictions(backend, task, model, config)));
    onProgress(index + 2, total);
  }
  findings.push(...(await auditFit(backend, task, config)));
  onProgress(total, total);
  return findings;
}

/** The forecast of the first test window of every scored channel may not depend on any row from its origin on. */
async function auditPredictions(
  backend: Backend,
  task: ForecastTask,
  model: HorizonModel,
  config: ForecastConfig,
): Promise<AuditFinding[]> {
  const first = forecastWindows(task, 'test', model.horizon).sample(0);
  const samples = task.scored.map((channel) => ({ ...first, channel }));
  // Perturbed data have gaps: the same program must serve them and the data as they are.
  const options = { batchSize: Math.min(config.batchSize, samples.length), hasGaps: true };
  const predictor = await openPredictor(backend, model, task, options);
  const { frame } = task.panel;
  const known = new Set(task.exogenous.covariates.map(({ name }) => name));
  try {
    const found = await auditForecasts({
      columns: frame.columns,
      origin: first.start + task.contextLength,
      predict: async (columns) => {
        const kept = columns.map((column, c) => (known.has(frame.channels[c]!) ? frame.columns[c]! : column));
        const { forecast } = await predictor.predict(withColumns(task, kept), samples);
        return forecast;
      },
    });
    return found.map((finding) => ({ ...finding, check: `horizon ${model.horizon}: ${finding.check}` }));
  } finally {
    predictor.dispose();
  }
}

/** Units of scores and the weights of a linear head may not depend on test rows; they do depend on training rows. */
async function auditFit(
  backend: Backend,
  task: ForecastTask,
  config: ForecastConfig,
): Promise<AuditFinding[]> {
  const horizon = Math.min(...config.horizons);
  const results = async (given: ForecastTask) => {
    const units = trainingUnits(given.panel, given.splits, given.scored);
    const [head] = await fitRidgeHeads(
      backend,
      { ...given, units },
      {
        features: contextFeatures,
        featureCount: given.contextLength,
        horizons: [horizon],
        context: { hasGaps: hasGaps(given) },
        mostRows: REFIT_ROWS,
        batchSize: Math.min(config.batchSize, REFIT_ROWS),
        penalties: () => ({ start: 1, least: 1, most: 1 }),
      },
    );
    return {
      'units of scores': units.flatMap(({ mean, scale }) => [...mean, ...scale]),
      'weights of a linear head': head!.weights,
    };
  };
  const before = await results(task);
  const against = async (part: 'train' | 'test', kind: Perturbation) =>
    compareRuns(before, await results(perturbed(task, part, kind)));
  return [
    expectUnmoved('fit: test rows + 1e6', await against('test', 'offset-1e6')),
    expectUnmoved('fit: test rows missing', await against('test', 'nan')),
    expectMoved('fit, control: training rows + 1e6 do move it', await against('train', 'offset-1e6')),
  ];
}

/** The task with the rows of a part of every recording changed, up to the end of the recording after the test rows. */
function perturbed(task: ForecastTask, part: 'train' | 'test', kind: Perturbation): ForecastTask {
  const { panel, splits } = task;
  let columns: readonly Float32Array[] = panel.frame.columns;
  splits.forEach((split, s) => {
    const start = split[part].start;
    const end = part === 'test' ? panel.segments[s]!.end : start + Math.ceil((split[part].end - start) / 2);
    columns = perturbRows(columns, { start, end }, kind);
  });
  return withColumns(task, columns);
}

function withColumns(task: ForecastTask, columns: readonly Float32Array[]): ForecastTask {
  return { ...task, panel: { ...task.panel, frame: createFrame({ ...task.panel.frame, columns }) } };
}
