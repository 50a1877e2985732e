import { table } from '@patchbert/command-line';
import type { MethodError } from '@patchbert/train';

/** Names of the methods, for people. */
export const methodNames: Readonly<Record<string, string>> = {
  model: 'model',
  'window mean': 'window mean',
  'last value': 'last value carried forward',
  'linear interpolation': 'linear interpolation',
};

/** The masked-patch errors of the model and the baselines, and each one's share of linear interpolation. */
export function errorTable(errors: readonly MethodError[]): string {
  const linear = errors.find(({ method }) => method === 'linear interpolation')?.maskedError;
  const rows = errors.map(({ method, maskedError, meanAbsoluteError }) => [
    methodNames[method] ?? method,
    maskedError.toFixed(4),
    meanAbsoluteError.toFixed(4),
    linear === undefined ? '' : `${((100 * maskedError) / linear).toFixed(0)} %`,
  ]);
  return table(
    [['hidden patches filled by', 'squared error', 'absolute error', 'of linear'], ...rows],
    [1, 2, 3],
  );
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
