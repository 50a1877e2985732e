import { PatchBertError } from '@patchbert/errors';
import type { ForecastTask } from '../task/forecast-task.ts';

/** The refusal of rows in which no target was measured: an error over none of them is no number. */
export function nothingToScore({ panel, scored }: ForecastTask, part: 'validation' | 'test'): PatchBertError {
  const names = scored.slice(0, 12).map((channel) => panel.frame.channels[channel]);
  return new PatchBertError(
    'forecast/nothing-to-score',
    `forecast: the ${part} rows hold no value of ${names.join(', ')}${scored.length > 12 ? ', ...' : ''}; choose rows or channels with measured values.`,
  );
}
