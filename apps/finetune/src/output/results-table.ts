import { formatCount, table } from '@patchbert/command-line';
import type { HorizonResult } from '@patchbert/forecast';

/** A table per horizon: the forecaster, what it is made of, and the baselines, each with its share of the best one. */
export function resultsText(results: readonly HorizonResult[]): string {
  return results.map(resultText).join('\n\n');
}

function resultText({ horizon, part, windows, methods, verdict }: HorizonResult): string {
  const baselines = methods.filter(({ kind }) => kind === 'baseline').map(({ scores }) => scores.mse);
  const best = Math.min(...baselines);
  const rows = methods.map(({ method, kind, scores }) => [
    kind === 'member' ? `  ${method}` : method,
    fixed(scores.mse, 4),
    fixed(scores.mae, 4),
    fixed(scores.mase, 3),
    fixed(scores.smape, 1),
    best > 0 && Number.isFinite(best) ? `${((100 * scores.mse) / best).toFixed(0)} %` : '',
  ]);
  const heading = [`next ${formatCount(horizon)}`, 'mse', 'mae', 'mase', 'smape %', 'mse of best baseline'];
  return `${table([heading, ...rows], [1, 2, 3, 4, 5])}
${formatCount(windows)} ${part} windows. ${verdict}`;
}

function fixed(value: number | undefined, digits: number): string {
  return value === undefined || !Number.isFinite(value) ? '' : value.toFixed(digits);
}
