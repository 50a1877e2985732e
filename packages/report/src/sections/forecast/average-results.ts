import type { ForecastScore, HorizonResults } from '../../forecast-run.ts';
import type { Measure } from '../../run-parts.ts';

/** The plain mean over horizons of every method that all of them hold; a number one horizon lacks is lacking here. */
export function averageResults(results: readonly HorizonResults[]): ForecastScore[] {
  const first = results[0];
  if (first === undefined) return [];
  return first.rows.flatMap((row) => {
    const rows = results.flatMap((one) => one.rows.find((other) => sameMethod(other, row)) ?? []);
    if (rows.length < results.length) return [];
    const mean = (pick: (score: ForecastScore) => Measure | undefined): Measure => {
      const sum = rows.reduce((total, score) => total + (pick(score) ?? Number.NaN), 0);
      return sum / rows.length;
    };
    return [
      {
        method: row.method,
        kind: row.kind,
        mse: mean((score) => score.mse),
        mae: mean((score) => score.mae),
        smape: mean((score) => score.smape),
        mase: mean((score) => score.mase),
        coverage: mean((score) => score.coverage),
      },
    ];
  });
}

function sameMethod(a: ForecastScore, b: ForecastScore): boolean {
  return a.kind === b.kind && (a.kind === 'ours' || a.method === b.method);
}
