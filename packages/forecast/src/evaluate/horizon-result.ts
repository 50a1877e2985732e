import type { ForecastScores } from '@patchbert/evaluation';

/** How one method did on the windows of a part. */
export interface MethodResult {
  readonly method: string;
  /** `ours`: the forecaster; `member`: a part of it; `baseline`: what anyone could do. */
  readonly kind: 'ours' | 'member' | 'baseline';
  readonly scores: ForecastScores;
}

export interface HorizonResult {
  readonly horizon: number;
  readonly part: 'validation' | 'test';
  /** Windows, all channels together. */
  readonly windows: number;
  readonly seasonalPeriod: number;
  /** The forecaster first. */
  readonly methods: readonly MethodResult[];
  /** One sentence for the model card: whether the forecaster is better than the best simple method here. */
  readonly verdict: string;
  readonly seconds: number;
}

/** What the model card says about a result. */
export function verdictOf(methods: readonly Pick<MethodResult, 'method' | 'kind' | 'scores'>[]): string {
  const ours = methods.find(({ kind }) => kind === 'ours')!;
  const others = methods.filter(({ kind }) => kind !== 'ours');
  const best = others.reduce<(typeof others)[number] | undefined>(
    (least, one) => (least === undefined || one.scores.mse < least.scores.mse ? one : least),
    undefined,
  );
  if (best === undefined) return 'Nothing to compare with.';
  const isBest = ours.scores.mse <= best.scores.mse;
  if (best.scores.mse === 0) {
    const both = 'is the best here, without any error';
    return isBest ? `The forecaster ${both}, as is ${best.method}.` : `${capitalised(best.method)} ${both}.`;
  }
  const share = (Math.abs(1 - ours.scores.mse / best.scores.mse) * 100).toFixed(1);
  return isBest
    ? `The forecaster is the best here: its squared error is ${share} % below that of ${best.method}.`
    : `${capitalised(best.method)} is the better forecaster here: the squared error of the ${ours.method} is ${share} % above it.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
