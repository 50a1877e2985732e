import { type CalendarCycle, calendarFeatures, type Panel, type Split } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { z } from 'zod';
import type { ForecastConfig } from '../config/forecast-config.ts';
import type { Exogenous } from './exogenous.ts';

export const exogenousPlanSchema = z.strictObject({
  /** Cycles of the calendar, such as `hour-of-day`. */
  calendar: z.array(z.enum(['hour-of-day', 'day-of-week', 'day-of-year'])),
  /** Covariates with their mean and deviation over the training rows of all segments. */
  covariates: z.array(z.strictObject({ name: z.string(), mean: z.number(), deviation: z.number() })),
});

/** What a forecaster needs to make the same exogenous inputs again. */
export type ExogenousPlan = z.output<typeof exogenousPlanSchema>;

/** Decides on cycles and fits the scales of covariates on the training rows. */
export function exogenousOf(
  { calendar, covariates }: Pick<ForecastConfig, 'calendar' | 'covariates'>,
  panel: Panel,
  splits: readonly Split[],
): { readonly plan: ExogenousPlan; readonly columns: Exogenous } {
  const cycles: CalendarCycle[] = calendar ? [...calendarFeatures(firstTimes(panel)).cycles] : [];
  const plan: ExogenousPlan = {
    calendar: cycles,
    covariates: covariates.map((name) => {
      const column = panel.frame.columns[panel.frame.channels.indexOf(name)]!;
      const values = splits.flatMap(({ train }) => [...column.subarray(train.start, train.end)]);
      const observed = values.filter((value) => !Number.isNaN(value));
      const mean = average(observed);
      return { name, mean, deviation: Math.sqrt(average(observed.map((value) => (value - mean) ** 2))) || 1 };
    }),
  };
  return { plan, columns: exogenousColumns(plan, panel) };
}

/**
 * The columns of a plan for a panel. A missing covariate is 0, its mean over the training rows.
 *
 * @throws PatchBertError `forecast/no-times`, `forecast/unknown-channel`.
 */
export function exogenousColumns(plan: ExogenousPlan, panel: Panel): Exogenous {
  const { frame } = panel;
  const calendar = plan.calendar.length === 0 ? [] : calendarColumns(plan, panel);
  return {
    calendar,
    covariates: plan.covariates.map(({ name, mean, deviation }) => {
      const column = frame.columns[frame.channels.indexOf(name)];
      if (column === undefined) {
        throw new PatchBertError(
          'forecast/unknown-channel',
          `forecast: the data have no channel ${JSON.stringify(name)}, a covariate this forecaster was fitted with.`,
        );
      }
      const values = column.map((value) => (Number.isNaN(value) ? 0 : (value - mean) / deviation));
      return { name, values };
    }),
  };
}

function calendarColumns({ calendar }: ExogenousPlan, panel: Panel): Exogenous['calendar'] {
  const { names, columns } = calendarFeatures(requireTimes(panel), calendar);
  return names.map((name, i) => ({ name, values: columns[i]! }));
}

/** The times of the first recording: cycles are those its interval can tell apart. */
function firstTimes(panel: Panel): Float64Array {
  const { start, end } = panel.segments[0]!;
  return requireTimes(panel).subarray(start, end);
}

function requireTimes({ frame }: Panel): Float64Array {
  if (frame.times) return frame.times;
  throw new PatchBertError(
    'forecast/no-times',
    `forecast: calendar inputs need time stamps, and ${JSON.stringify(frame.name)} has none; name its time column or leave the calendar out.`,
  );
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
