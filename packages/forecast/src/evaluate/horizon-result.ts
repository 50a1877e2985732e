import type { ForecastScores } from '@patchbert/evaluation';

/** How one method did on the windows of a part. */
export interface MethodResult {
  readonly method: string;
  /** `ours`: the forecaster; `member`: a part of it; `baseline`: what anyone could do; `control`: the same network without pretraining. */
  readonly kind: 'ours' | 'member' | 'baseline' | 'control';
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

/** The name under which the linear part is scored. */
export const LINEAR_RIDGE = 'linear ridge';

type Scored = Pick<MethodResult, 'method' | 'kind' | 'scores'>;

/**
 * What the model card says about a result: how the forecaster does beside the linear ridge, the strong simple method, and
 * which other method does best of all, if one does.
 */
export function verdictOf(methods: readonly Scored[]): string {
  const ours = methods.find(({ kind }) => kind === 'ours')!;
  const others = methods.filter(({ kind }) => kind !== 'ours');
  const linear = others.find(({ method }) => method === LINEAR_RIDGE);
  const best = others.reduce<Scored | undefined>(
    (least, one) => (least === undefined || one.scores.mse < least.scores.mse ? one : least),
    undefined,
  );
  return [
    ...(linear ? [besideLinear(ours, linear)] : []),
    ...(best && best !== linear && best.scores.mse < ours.scores.mse
      ? [`${capitalised(best.method)} does best: ${percentBelow(best, ours)} below the forecaster.`]
      : []),
    ...(linear === undefined && best && ours.scores.mse <= best.scores.mse
      ? [`The forecaster does best: ${percentBelow(ours, best)} below ${best.method}.`]
      : []),
  ].join(' ');
}

function besideLinear(ours: Scored, linear: Scored): string {
  return ours.scores.mse <= linear.scores.mse
    ? `Squared error ${percentBelow(ours, linear)} below that of the linear ridge.`
    : `The linear ridge is the better forecaster here: its squared error is ${percentBelow(linear, ours)} lower.`;
}

function percentBelow(lower: Scored, higher: Scored): string {
  return `${((1 - lower.scores.mse / higher.scores.mse) * 100).toFixed(1)} %`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
