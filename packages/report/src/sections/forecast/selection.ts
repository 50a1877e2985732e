import type { ForecastRun } from '../../forecast-run.ts';
import type { Html } from '../../html/html.ts';
import { choices } from '../choices.ts';

/** What was chosen on the validation rows, and from what. */
export function selection({ selection: made }: ForecastRun): Html {
  return choices(
    made.map(({ what, candidates }) => ({
      what,
      better: 'lower',
      candidates: candidates.map(({ label, validation, chosen }) => ({ label, value: validation, chosen })),
    })),
    'Error of every candidate on the validation rows; lower is better.',
  );
}
