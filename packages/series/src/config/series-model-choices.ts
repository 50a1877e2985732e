import { z } from 'zod';
import type { SeriesModelChoices } from './choose-series-model.ts';
import { seriesModelSchema } from './series-model.ts';

/** Fields of the model without their defaults: what was chosen, before `chooseSeriesModel` fills in the rest. */
const fields = Object.entries(seriesModelSchema.shape).map(([name, field]) => [
  name,
  (field instanceof z.ZodDefault ? field.unwrap() : field).optional(),
]);

/**
 * Choices of a series model; strict, so that a misspelt key is an error.
 *
 * @example
 * parseConfig(seriesModelChoicesSchema, { width: 32 }, 'model');
 */
export const seriesModelChoicesSchema = z.strictObject(
  Object.fromEntries(fields) as Record<string, z.ZodOptional>,
) as unknown as z.ZodType<SeriesModelChoices, SeriesModelChoices>;
