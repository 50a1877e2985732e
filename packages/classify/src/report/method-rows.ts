import type { MethodResult } from '../evaluate/method-result.ts';

/** Results as rows of a table: each method, and behind an ensemble that predicts each of its networks alone. */
export function methodRows(results: readonly MethodResult[]) {
  return results.flatMap((result) => [
    scoreRow(result),
    ...(result.kind === 'ours' ? memberRows(result) : []),
  ]);
}

function scoreRow({ method, kind, classes, values, interval }: MethodResult) {
  return {
    method,
    kind,
    ...(classes && {
      accuracy: classes.accuracy,
      balancedAccuracy: classes.balancedAccuracy,
      macroF1: classes.macroF1,
      logLoss: classes.logLoss,
      auroc: classes.auroc,
      calibrationError: classes.calibrationError,
    }),
    ...(values && { rmse: values.rmse, mae: values.mae, r2: values.r2 }),
    ...(interval && { interval: [interval.lower, interval.upper] as const }),
  };
}

function memberRows({ singles = [], classes }: MethodResult) {
  return singles.map((score, m) => ({
    method: `network ${m + 1} alone`,
    kind: 'member' as const,
    ...(classes ? { accuracy: score } : { rmse: score }),
  }));
}
