import type { FitStep } from '@patchbert/train';

/** How a loss fell, by name of what was trained. */
export interface LearningCurve {
  readonly name: string;
  readonly points: readonly { readonly step: number; readonly loss: number }[];
}

/** Most points of a learning curve that are kept. */
const MOST_POINTS = 200;

/** Adds a curve to `curves` that grows with every step: at most `MOST_POINTS` means over equal stretches of steps. */
export function recordCurve(name: string, steps: number, curves: LearningCurve[]): (step: FitStep) => void {
  const stretch = Math.ceil(steps / MOST_POINTS);
  const points: { step: number; loss: number }[] = [];
  curves.push({ name, points });
  let [count, sum] = [0, 0];
  return ({ step, loss }) => {
    count++;
    sum += loss;
    if (step % stretch !== 0 && step !== steps) return;
    points.push({ step, loss: sum / count });
    [count, sum] = [0, 0];
  };
}
