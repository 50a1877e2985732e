import type { Backend } from '@patchbert/backend';
import { parseConfig } from '@patchbert/errors';
import {
  type AuditFinding,
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
import { exogenousOf } from '../task/exogenous-plan.ts';
import { type ForecastTask, trainingUnits } from '../task/forecast-task.ts';
import { hasGaps } from '../task/prepare-task.ts';
import { auditMasking } from './audit-masking.ts';
import { auditPredictions, withColumns } from './audit-predictions.ts';

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
 * encoder when hidden patches change; forecasts of test windows when
 * later rows change; the units of scores, the scales of covariates and the weights of a refit when the test rows change. Controls prove that the
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

/**
 * Units of scores, scales of covariates and the weights of a linear head may not depend on test rows; they do depend on
 * training rows. The linear head stands for every head in closed form: the same code gathers their sums.
 */
async function auditFit(
  backend: Backend,
  task: ForecastTask,
  config: ForecastConfig,
): Promise<AuditFinding[]> {
  const horizon = Math.min(...config.horizons);
  const results = async (changed: ForecastTask) => {
    const { plan, columns } = exogenousOf(config, changed.panel, changed.splits);
    const given = { ...changed, exogenous: columns };
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
      ...(plan.covariates.length > 0 && {
        'scales of covariates': plan.covariates.flatMap(({ mean, deviation }) => [mean, deviation]),
      }),
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
