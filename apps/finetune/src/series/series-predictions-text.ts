import type { ClassifierFile, ClassPrediction, SeriesPrediction, ValuePrediction } from '@patchbert/classify';
import { formatCsv } from '@patchbert/data';

type Target = ClassifierFile['target'];

/** Predictions as CSV: `id,label` and the probability of each class as `p.<class>`; of a regressor `id,value`. */
export function seriesPredictionsCsv(predictions: readonly SeriesPrediction[], target: Target): string {
  const ids = { name: 'id', texts: predictions.map(({ id }) => id) };
  if (target.kind === 'value') {
    const values = (predictions as readonly ValuePrediction[]).map(({ value }) => short(value));
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
function short(value: number): number {
  return Number(value.toPrecision(7));
}
