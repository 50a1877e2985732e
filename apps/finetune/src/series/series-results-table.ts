import type { CrossValidation, MethodResult } from '@patchbert/classify';
import { table } from '@patchbert/command-line';

/** A table of methods: the model, its parts, what it is compared with, simple methods. */
export function seriesResultsText(results: readonly MethodResult[]): string {
  const [first] = results;
  if (first === undefined) return '';
  const heading = first.classes ? classHeading : valueHeading;
  const rows = results.flatMap((result) => [
    [
      result.kind === 'readout' ? `  ${result.method}` : result.method,
      ...(result.classes ? classCells(result) : valueCells(result)),
    ],
    ...(result.kind === 'ours' && result.singles ? [singlesRow(result, result.singles)] : []),
  ]);
  const { classes, values } = first;
  return `${table([heading, ...rows], [1, 2, 3, 4, 5])}\n${(classes ?? values)!.count} test series.`;
}

/** How single networks do, on average. */
function singlesRow({ classes }: MethodResult, singles: readonly number[]): string[] {
  const mean = singles.reduce((sum, score) => sum + score, 0) / singles.length;
  return ['  its networks alone, on average', classes ? fixed(mean) : short(mean), '', '', '', ''];
}

const classHeading = ['', 'accuracy', '95 % interval', 'macro F1', 'AUROC', 'log loss'];
const valueHeading = ['', 'rmse', '95 % interval', 'mae', 'r2', 'correlation'];

function classCells({ classes, interval }: MethodResult): string[] {
  const { accuracy, macroF1, auroc, logLoss } = classes!;
  return [fixed(accuracy), range(interval, fixed), fixed(macroF1), fixed(auroc), fixed(logLoss)];
}

function valueCells({ values, interval }: MethodResult): string[] {
  const { rmse, mae, r2, pearson } = values!;
  return [short(rmse), range(interval, short), short(mae), fixed(r2), fixed(pearson)];
}

/** How settings did on folds of the training series. */
export function crossValidationText({ folds, measure, candidates }: CrossValidation): string {
  const isLoss = candidates.some(({ logLoss }) => logLoss !== undefined);
  const show = isLoss ? fixed : short;
  const heading = [`${folds} folds`, measure, 'from', 'to', ...(isLoss ? ['log loss'] : []), ''];
  const rows = candidates.map(({ label, score, perFold, logLoss, chosen }) => [
    label,
    show(score),
    show(Math.min(...perFold)),
    show(Math.max(...perFold)),
    ...(isLoss ? [fixed(logLoss)] : []),
    chosen && candidates.length > 1 ? 'chosen' : '',
  ]);
  return `${table([heading, ...rows], isLoss ? [1, 2, 3, 4] : [1, 2, 3])}\nScored inside the training series.`;
}

function range(interval: MethodResult['interval'], show: (value: number | undefined) => string): string {
  return interval ? `${show(interval.lower)} to ${show(interval.upper)}` : '';
}

function fixed(value: number | null | undefined): string {
  return Number.isFinite(value) ? value!.toFixed(3) : '';
}

function short(value: number | null | undefined): string {
  return Number.isFinite(value) ? String(Number(value!.toPrecision(4))) : '';
}
