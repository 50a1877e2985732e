import type { ClassificationRun } from '../../classification-run.ts';
import type { Html } from '../../html/html.ts';
import { choices } from '../choices.ts';

/** What was chosen inside the training series, and from what. */
export function selection({ task, selection: made }: ClassificationRun): Html {
  const usual = task === 'classification' ? 'accuracy' : 'error';
  const better = task === 'classification' ? 'higher' : 'lower';
  const measures = made.map((choice) => measureText(choice.measure ?? usual, choice.better ?? better));
  const same = new Set(measures).size === 1;
  return choices(
    made.map((choice, index) => ({
      what: choice.what,
      better: choice.better ?? better,
      ...(!same && { measure: measures[index]! }),
      candidates: choice.candidates.map(({ label, score, chosen }) => ({ label, value: score, chosen })),
    })),
    `Every candidate was scored inside the training series; the test series took no part${same ? `. The numbers are ${measures[0]!}` : ''}.`,
  );
}

function measureText(measure: string, better: 'higher' | 'lower'): string {
  return `${measure}; ${better} is better`;
}
