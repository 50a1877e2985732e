import { didYouMean } from '@patchbert/errors';
import { csvError } from '../csv/csv-place.ts';
import { listNames } from '../frame/select-channels.ts';
import type { TargetKind } from '../series/target-kind.ts';
import type { ParsedLabelledCsvOptions } from './labelled-csv-options.ts';

/** Which columns are answers, and what is read of them. */
export interface AnswerColumns {
  readonly target: TargetKind;
  /** The column that is read; undefined for `none`. */
  readonly column: string | undefined;
  /** Answers of any kind: no channels. */
  readonly all: readonly string[];
}

/** Chooses the columns of labels and targets among the names of a header. */
export function answerColumns(
  file: string,
  names: readonly string[],
  { labelColumn, targetColumn, target: wanted }: ParsedLabelledCsvOptions,
): AnswerColumns {
  const label = find(file, names, labelColumn, ['label', 'class'], wanted === 'none');
  const value = find(file, names, targetColumn, ['target'], wanted === 'none');
  const all = [label, value].filter((name) => name !== undefined);
  if (wanted === 'none') return { target: 'none', column: undefined, all };
  const target = wanted ?? declared(labelColumn, targetColumn) ?? usual(label, value);
  const column = target === 'label' ? label : target === 'value' ? value : undefined;
  if (target !== 'none' && column === undefined) {
    const option = target === 'label' ? 'labelColumn' : 'targetColumn';
    throw csvError(
      'data/no-labels',
      file,
      {},
      `has no column with a usual name for ${target === 'label' ? 'labels' : 'targets'}; set ${option} to one of ${listNames(names)}.`,
    );
  }
  return { target, column, all };
}

function declared(labelColumn: string | undefined, targetColumn: string | undefined): TargetKind | undefined {
  if (labelColumn !== undefined) return 'label';
  return targetColumn === undefined ? undefined : 'value';
}

function usual(label: string | undefined, value: string | undefined): TargetKind {
  if (label !== undefined) return 'label';
  return value === undefined ? 'none' : 'value';
}

function find(
  file: string,
  names: readonly string[],
  wanted: string | undefined,
  usualNames: readonly string[],
  isOptional: boolean,
): string | undefined {
  if (wanted === undefined) return names.find((name) => usualNames.includes(name.toLowerCase()));
  if (names.includes(wanted)) return wanted;
  if (isOptional) return undefined;
  const hint = didYouMean(wanted, names) || ` Columns: ${listNames(names)}.`;
  throw csvError('data/unknown-channel', file, {}, `has no column ${JSON.stringify(wanted)}.${hint}`);
}
