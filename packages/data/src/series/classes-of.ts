import { PatchBertError } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';
import { parseNumber } from '../csv/parse-number.ts';
import { seriesPlace } from './series-place.ts';
import type { SeriesSet } from './series-set.ts';
import { sortLabels } from './sort-labels.ts';

export interface ClassesOptions {
  /** Whether a class may have a single series. Default false: with one, nothing is left to check it against. */
  readonly allowSingleExamples?: boolean;
}

/**
 * The classes of a set, from its labels alone: as numbers when every label is one, else by code point. The order of the
 * series does not matter.
 *
 * @throws PatchBertError `data/no-labels`; `data/decimal-label` when all labels are numbers and some have decimals; `data/one-class`;
 * `data/single-example`. Each names file and line where known.
 * @example
 * classesOf(train); // ['1', '2', '10']
 */
export function classesOf(set: SeriesSet, options: ClassesOptions = {}): readonly string[] {
  const labels = labelsOf('classesOf', set);
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const classes = [...counts.keys()];
  if (classes.every((label) => parseNumber(label) !== undefined)) refuseDecimals(set, labels);
  if (classes.length === 1) {
    throw new PatchBertError(
      'data/one-class',
      `classesOf: every series of ${showText(set.origin?.file ?? set.name)} has the label ${showText(classes[0]!)}; expected two classes or more.`,
    );
  }
  const single = options.allowSingleExamples ? undefined : classes.find((label) => counts.get(label) === 1);
  if (single !== undefined) {
    throw new PatchBertError(
      'data/single-example',
      `classesOf: ${seriesPlace(set, labels.indexOf(single))} is the only series of class ${showText(single)}; add another, or leave the class out.`,
    );
  }
  return Object.freeze(sortLabels(classes));
}

/** The labels of a set that must have them. */
export function labelsOf(where: string, set: SeriesSet): readonly string[] {
  if (set.labels !== undefined) return set.labels;
  throw new PatchBertError(
    'data/no-labels',
    `${where}: ${showText(set.origin?.file ?? set.name)} has no labels; expected one per series.`,
  );
}

function refuseDecimals(set: SeriesSet, labels: readonly string[]): void {
  const decimal = labels.findIndex((label) => !Number.isInteger(Number(label)));
  if (decimal < 0) return;
  throw new PatchBertError(
    'data/decimal-label',
    `classesOf: ${seriesPlace(set, decimal)} has the label ${showText(labels[decimal]!)}, which looks like a value; to predict numbers use regress (target "value"), or write classes as texts or whole numbers.`,
  );
}
