import { table } from '../output/table.ts';
import { brokenLines, wrappedTable } from '../output/wrapped-table.ts';
import type { InspectedBackend } from './inspect-backend.ts';

/** The listing of the sub-command `backends`. `width` is that of the terminal, if it is one. */
export function backendsText(backends: readonly InspectedBackend[], width: number | undefined): string {
  const rows = backends.map(({ name, isDefault, description, availability }) => [
    isDefault ? `${name} (default)` : name,
    description,
    availability.available ? 'runs here' : `does not run here: ${availability.reason}`,
  ]);
  return wrappedTable([['backend', 'what it is', 'here'], ...rows], width);
}

/** The results of self-tests, those that could not run below. */
export function checksText(backends: readonly InspectedBackend[], width: number | undefined): string {
  const rows = backends.map(({ name, check, failure }) => {
    if (check === undefined) return [name, failure === undefined ? 'not run' : 'failed', '', '', '', '', ''];
    return [
      name,
      check.passed ? 'passed' : 'failed',
      check.loss.toFixed(6),
      check.largestError.toExponential(1),
      check.millisecondsPerStep.toFixed(1),
      check.compileMilliseconds.toFixed(0),
      check.engine,
    ];
  });
  const steps = backends.find(({ check }) => check !== undefined)?.check?.steps ?? 3;
  const heading = [
    'backend',
    `${steps} steps`,
    'loss',
    'largest error',
    'ms per step',
    'compile ms',
    'engine',
  ];
  const notes = backends
    .flatMap((backend) => noteOf(backend))
    .flatMap((note) => brokenLines(note, width ?? Infinity));
  return [table([heading, ...rows], [2, 3, 4, 5]), ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

function noteOf({ name, availability, check, failure }: InspectedBackend): readonly string[] {
  if (!availability.available) return [`${name} does not run here: ${availability.reason}`];
  if (failure !== undefined) return [`${name} failed: ${failure}`];
  if (check === undefined || check.passed) return [];
  return [
    `${name} failed: its largest error, ${check.largestError.toExponential(1)} of the reference, is above ${check.tolerance.toExponential(1)}; it would train another model.`,
  ];
}
