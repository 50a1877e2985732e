import { showText } from '../csv/csv-place.ts';
import type { LineError } from '../files/line-error.ts';
import type { TargetKind } from '../series/target-kind.ts';
import type { ArffAttribute, ArffHeader } from './arff-header.ts';

/** Which fields of a line hold the series and which its class or number. */
export interface ArffLayout {
  readonly fields: number;
  /** The field of a relational series; undefined when each field is a point of a single channel. */
  readonly relation: { readonly field: number; readonly name: string; readonly length: number } | undefined;
  /** Fields that are points, in order; none with a relation. */
  readonly points: readonly number[];
  /** The field of the class or number; undefined for none. */
  readonly answer: number | undefined;
  readonly target: TargetKind;
  readonly classes: readonly string[] | undefined;
}

/** Names by which a last numeric attribute of a flat file is the number to predict, not a point. */
const ANSWER_NAMES = /^(class|target|label)(_?(attribute|value|label))?$/i;

export function arffLayout(
  fail: LineError,
  { attributes }: ArffHeader,
  wanted: TargetKind | undefined,
): ArffLayout {
  const relations = attributes.filter(({ kind }) => kind === 'relational');
  if (relations.length > 1) {
    throw fail(
      undefined,
      `has ${relations.length} relational attributes; expected one, which holds all channels.`,
    );
  }
  const relation = attributes.findIndex(({ kind }) => kind === 'relational');
  const last = attributes.length - 1;
  const answer = isAnswer(attributes, relation, last) ? last : undefined;
  const others = attributes
    .map((_, index) => index)
    .filter((index) => index !== relation && index !== answer);
  const stray = others.find((index) => relation >= 0 || attributes[index]!.kind !== 'numeric');
  if (stray !== undefined) {
    throw fail(
      undefined,
      `has the attribute ${showText(attributes[stray]!.name)} (${attributes[stray]!.kind}) beside the series; expected points, then at most one class or target, last. Remove it.`,
    );
  }
  if (relation < 0 && others.length === 0)
    throw fail(undefined, 'has no attribute for points, only one for the class.');
  const answerAttribute = answer === undefined ? undefined : attributes[answer]!;
  const target = targetOf(fail, answerAttribute, attributes[last]!, wanted);
  const series = attributes[relation];
  return {
    fields: attributes.length,
    relation:
      series?.kind === 'relational'
        ? { field: relation, name: series.name, length: series.length }
        : undefined,
    points: relation >= 0 ? [] : others,
    answer,
    target,
    classes: target === 'label' && answerAttribute?.kind === 'nominal' ? answerAttribute.classes : undefined,
  };
}

function isAnswer(attributes: readonly ArffAttribute[], relation: number, last: number): boolean {
  if (last === relation) return false;
  const { kind, name } = attributes[last]!;
  return relation >= 0 || kind !== 'numeric' || ANSWER_NAMES.test(name);
}

function targetOf(
  fail: LineError,
  answer: ArffAttribute | undefined,
  last: ArffAttribute,
  wanted: TargetKind | undefined,
): TargetKind {
  if (wanted === 'none') return 'none';
  if (answer !== undefined) return wanted ?? (answer.kind === 'numeric' ? 'value' : 'label');
  if (wanted === undefined) return 'none';
  throw fail(
    undefined,
    `has no class or target: its last attribute is ${showText(last.name)} (${last.kind}). Name the attribute "class" or "target", or read the file with target "none".`,
    'data/no-labels',
  );
}
