import type { LearningCurve } from '../fit/learning-curve.ts';

const MEMBER = / of member \d+$/;

/** The curves of all members of one training as their mean: a page of every curve by itself is long and says no more. */
export function meanCurves(curves: readonly LearningCurve[]): LearningCurve[] {
  const groups = new Map<string, LearningCurve[]>();
  for (const curve of curves) {
    const name = curve.name.replace(MEMBER, '');
    groups.set(name, [...(groups.get(name) ?? []), curve]);
  }
  return [...groups].map(([name, group]) => ({
    name: group.length === 1 ? name : `${name}, mean of ${group.length} networks`,
    points: group[0]!.points.map(({ step }, i) => ({
      step,
      loss: group.reduce((sum, { points }) => sum + points[i]!.loss, 0) / group.length,
    })),
  }));
}
