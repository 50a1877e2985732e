import type { MethodResult } from './method-result.ts';

/**
 * What the test results come to, in a sentence or two: the model beside the best simple method, and, where they were fitted,
 * beside the same networks without pretraining. Empty without results.
 */
export function verdictOf(results: readonly MethodResult[]): string {
  const [ours, ...others] = results;
  if (ours === undefined) return '';
  const best = bestOf(others.filter(({ kind }) => kind === 'baseline'));
  const control = bestOf(
    others.filter(({ kind, method }) => kind === 'control' && method.includes('from scratch')),
  );
  const parts = [
    `${capitalised(scoreText(ours))}.`,
    ...(best ? [`The best simple method, ${best.method}: ${scoreText(best)}.`] : []),
    ...(control ? [`Without pretraining (${control.method}): ${scoreText(control)}.`] : []),
  ];
  return parts.join(' ');
}

/** Of those with the same score the first. */
function bestOf(results: readonly MethodResult[]): MethodResult | undefined {
  const [first, ...rest] = results;
  return first && rest.reduce((best, one) => (isBetter(one, best) ? one : best), first);
}

function isBetter(one: MethodResult, other: MethodResult): boolean {
  return one.classes ? one.classes.accuracy > other.classes!.accuracy : one.values!.rmse < other.values!.rmse;
}

function scoreText({ classes, values }: MethodResult): string {
  if (values) return `root mean squared error ${Number(values.rmse.toPrecision(4))}`;
  const { count, accuracy } = classes!;
  return `${Math.round(accuracy * count)} of ${count} right`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
