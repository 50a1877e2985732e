import { replaceFile } from '@patchbert/train';
import type { HorizonResult } from '../evaluate/horizon-result.ts';

/**
 * Writes `evaluation.json`. What no value was measured for, such as a channel that is silent in the test rows, has the
 * score null. Scores by step keep six digits and lists of numbers one line, so that horizons of hundreds of steps stay
 * small.
 */
export async function writeResults(path: string, results: readonly HorizonResult[]): Promise<void> {
  const short = results.map((result) => ({
    ...result,
    methods: result.methods.map((one) => ({
      ...one,
      scores: { ...one.scores, perStep: sixDigits(one.scores.perStep) },
    })),
  }));
  const text = JSON.stringify(short, undefined, 2).replace(numberList, (list) => list.replace(/\s+/g, ''));
  await replaceFile(path, `${text}\n`);
}

/** A list of numbers and nulls over several lines, which text in JSON never is: its line breaks are escaped. */
const numberList = /\[\n\s+(?:(?:-?\d[\d.eE+-]*|null),?\n\s+)+\]/g;

function sixDigits(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(6));
  if (Array.isArray(value)) return value.map(sixDigits);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, sixDigits(inner)]));
}
