import type { ClassifierFile, ClassPrediction, SeriesPrediction, ValuePrediction } from '@patchbert/classify';
import { formatCsv } from '@patchbert/data';

type Target = ClassifierFile['target'];

/** Predictions as CSV: `id,label` and the probability of each class as `p.<class>`; of a regressor `id,value`. */
export function seriesPredictionsCsv(predictions: readonly SeriesPrediction[], target: Target): string {
  const ids = { name: 'id', texts: predictions.map(({ id }) => id) };
  if (target.kind === 'value') {
    // The digits of a network are those of the distance from the mean.
    const leading = Math.ceil(Math.log10(Math.max(1, Math.abs(target.mean) / target.deviation)));
    const values = (predictions as readonly ValuePrediction[]).map(({ value }) =>
      short(value, DIGITS + leading),
    );
    return formatCsv([ids, { name: 'value', numbers: values }]);
  }
  const classified = predictions as readonly ClassPrediction[];
  return formatCsv([
    ids,
    { name: 'label', texts: classified.map(({ label }) => label) },
    ...target.classes.map((name, k) => ({
      name: `p.${name}`,
      numbers: classified.map(({ probabilities }) => short(probabilities[k]!)),
    })),
  ]);
}

/** Predictions as JSON; names of classes are values, never keys. */
export function seriesPredictionsJson(predictions: readonly SeriesPrediction[], target: Target): string {
  const value = {
    format: 'patchbert-series-predictions',
    ...(target.kind === 'class' && { classes: target.classes }),
    predictions,
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** As many digits as the numbers of a network hold. */
const DIGITS = 7;
/** As many as a number of JavaScript can hold. */
const MOST_DIGITS = 17;

function short(value: number, digits = DIGITS): number {
  return Number(value.toPrecision(Math.min(MOST_DIGITS, digits)));
}
