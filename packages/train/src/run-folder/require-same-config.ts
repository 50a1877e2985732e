import { PatchBertError } from '@patchbert/errors';

/**
 * Refuses to continue a run with a configuration that would change its bits.
 *
 * @param free names of the settings at the top that may differ, as none changes bits already computed.
 * @throws PatchBertError `train/resume-mismatch` listing every difference.
 * @example
 * requireSameConfig(stored, wanted, new Set(['checkpointEvery']));
 */
export function requireSameConfig(stored: object, given: object, free: ReadonlySet<string>): void {
  const differences = configDifferences(stored, given).filter(({ path }) => !free.has(path));
  if (differences.length === 0) return;
  const lines = differences.map(
    ({ path, stored, given }) => `${path}: ${show(stored)} in the run, ${show(given)} now`,
  );
  throw new PatchBertError(
    'train/resume-mismatch',
    `requireSameConfig: the configuration is not that of the run it should continue. ${lines.join('; ')}. Leave the difference ` +
      'out, or start a new run.',
  );
}

interface Difference {
  readonly path: string;
  readonly stored: unknown;
  readonly given: unknown;
}

/** Leaves at which two JSON values differ. */
function configDifferences(stored: unknown, given: unknown, path = ''): Difference[] {
  if (isRecord(stored) && isRecord(given)) {
    const keys = new Set([...Object.keys(stored), ...Object.keys(given)]);
    return [...keys].flatMap((key) =>
      configDifferences(stored[key], given[key], path === '' ? key : `${path}.${key}`),
    );
  }
  return JSON.stringify(stored) === JSON.stringify(given) ? [] : [{ path, stored, given }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
