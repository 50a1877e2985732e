import type { Backend } from '@patchbert/backend';
import { createFrame } from '@patchbert/data';
import { type AuditFinding, auditForecasts } from '@patchbert/evaluation';
import type { ForecastConfig } from '../config/forecast-config.ts';
import type { HorizonModel } from '../model/horizon-model.ts';
import { openPredictor } from '../model/predictor.ts';
import { exogenousColumns, exogenousOf } from '../task/exogenous-plan.ts';
import type { ForecastTask } from '../task/forecast-task.ts';

/** Recordings of which a window is tried. */
const RECORDINGS = 3;

/**
 * Forecasts of every scored channel may not depend on any row from their origin on, but for covariates inside the horizon. Tried
 * at the first test window of a few recordings and at the last one of the last.
 */
export async function auditPredictions(
  backend: Backend,
  task: ForecastTask,
  model: HorizonModel,
  config: ForecastConfig,
): Promise<AuditFinding[]> {
  // Perturbed data have gaps: the same program must serve them and the data as they are.
  const options = { batchSize: Math.min(config.batchSize, task.scored.length), hasGaps: true };
  const predictor = await openPredictor(backend, model, task, options);
  const { panel, contextLength, scored } = task;
  const { frame } = panel;
  const { plan } = exogenousOf(config, panel, task.splits);
  const known = plan.covariates.map(({ name }) => frame.channels.indexOf(name));
  const tried: TriedWindow[] = [];
  try {
    for (const { segment, origin } of triedOrigins(task, model.horizon)) {
      const samples = scored.map((channel) => ({ segment, channel, start: origin - contextLength }));
      const findings = await auditForecasts({
        columns: frame.columns,
        origin,
        predict: async (columns) => {
          const changed = withColumns(
            task,
            columns.map((column, c) => {
              if (!known.includes(c)) return column;
              const kept = column.slice();
              kept.set(frame.columns[c]!.subarray(0, origin + model.horizon));
              return kept;
            }),
          );
          const exogenous = exogenousColumns(plan, changed.panel);
          return (await predictor.predict({ ...changed, exogenous }, samples)).forecast;
        },
      });
      tried.push({ where: `${JSON.stringify(panel.segments[segment]!.id)} from row ${origin}`, findings });
    }
  } finally {
    predictor.dispose();
  }
  return joined(tried).map((finding) => ({
    ...finding,
    check: `horizon ${model.horizon}: ${finding.check}`,
  }));
}

interface TriedWindow {
  readonly where: string;
  readonly findings: readonly AuditFinding[];
}

function triedOrigins(
  { panel, splits, contextLength }: ForecastTask,
  horizon: number,
): { readonly segment: number; readonly origin: number }[] {
  const last = panel.segments.length - 1;
  const places = Array.from({ length: RECORDINGS }, (_, i) => Math.round((i * last) / (RECORDINGS - 1)));
  const firsts = [...new Set(places)].map((segment) => ({
    segment,
    origin: Math.max(panel.segments[segment]!.start + contextLength, splits[segment]!.test.start),
  }));
  const latest = splits[last]!.test.end - horizon;
  return latest > firsts.at(-1)!.origin ? [...firsts, { segment: last, origin: latest }] : firsts;
}

/** One finding per check over all windows: passed when it passed in each. */
function joined(tried: readonly TriedWindow[]): AuditFinding[] {
  return tried[0]!.findings.map(({ check, detail }, i) => {
    const failed = tried.filter(({ findings }) => !findings[i]!.passed);
    return {
      check,
      passed: failed.length === 0,
      detail:
        failed.length === 0
          ? `${tried.length} ${tried.length === 1 ? 'window' : 'windows'}, the first: ${detail}`
          : failed.map(({ where, findings }) => `${where}: ${findings[i]!.detail}`).join('; '),
    };
  });
}

/** The task with other values. */
export function withColumns(task: ForecastTask, columns: readonly Float32Array[]): ForecastTask {
  return { ...task, panel: { ...task.panel, frame: createFrame({ ...task.panel.frame, columns }) } };
}
