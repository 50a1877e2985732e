import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type ClassificationScores, classificationScores, probabilitiesOf } from '@patchbert/evaluation';
import { readSafetensors, toFloat32, toInt32 } from '@patchbert/safetensors';
import { describe, expect, it } from 'vitest';

const folder = path.join(
  process.env.PATCHBERT_GOLDEN_DIR ?? path.join(import.meta.dirname, '../../../../shared/golden'),
  'metrics',
);
/** The cases of every `<name>.json`; the case `<key>` reads its tensors from `<name>-<key>.safetensors`. */
const cases = (existsSync(folder) ? readdirSync(folder) : [])
  .filter((file) => /^classify.*\.json$/.test(file))
  .flatMap((file) => {
    const expected: Record<string, Record<string, unknown>> = JSON.parse(
      readFileSync(path.join(folder, file), 'utf8'),
    );
    return Object.entries(expected).map(([key, values]) => ({
      name: `${path.basename(file, '.json')}-${key}`,
      expected: values,
    }));
  });

it('there are classification metrics to compare with', () => {
  expect(cases.length, folder).toBeGreaterThan(0);
});

describe.each(cases)('$name', ({ name, expected }) => {
  const { tensors } = readSafetensors(readFileSync(path.join(folder, `${name}.safetensors`)));
  const logits = tensors.get('logits')!;
  const classes = logits.shape[1]!;
  const scores = classificationScores({
    probabilities: probabilitiesOf(toFloat32(logits), classes),
    labels: toInt32(tensors.get('labels')!),
    classes,
  });

  it.each(Object.keys(expected))('%s', (key) => {
    const [actual, wanted] = [computed(key, scores), [expected[key]].flat(2) as number[]];
    expect(actual).toHaveLength(wanted.length);
    wanted.forEach((value, i) => {
      expect(Math.abs(actual[i]! - value), `${key}[${i}]`).toBeLessThanOrEqual(1e-9 * Math.abs(value));
    });
  });
});

/** What a key of the fixture's JSON should be; throws for a key that is not known. */
function computed(key: string, scores: ClassificationScores): number[] {
  const known: Record<string, () => number[]> = {
    accuracy: () => [scores.accuracy],
    balanced_accuracy: () => [scores.balancedAccuracy],
    confusion_rows_true: () => scores.confusion.flat(),
    f1_per_class: () => scores.perClass.map(({ f1 }) => f1),
    k: () => [scores.confusion.length],
    log_loss: () => [scores.logLoss],
    macro_f1_over_all_k: () => [scores.macroF1],
    macro_f1_sklearn_default: () => [scores.macroF1Present],
  };
  return known[key]!();
}
