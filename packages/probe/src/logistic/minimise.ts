/** A smooth convex function: its value at `point`, and its gradient written into `gradient`. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

interface Step {
  readonly move: Float64Array;
  readonly turn: Float64Array;
  /** 1 / (move . turn). */
  readonly scale: number;
}

const MEMORY = 10;
const SUFFICIENT = 1e-4;
const HALVINGS = 40;

/**
 * L-BFGS (Liu & Nocedal 1989) with steps halved until the value falls enough (Armijo), from `start`, until no entry of the
 * gradient is larger than `tolerance`.
 */
export function minimise(
  objective: Objective,
  start: Float64Array,
  { maximumIterations, tolerance }: { readonly maximumIterations: number; readonly tolerance: number },
): { point: Float64Array; converged: boolean; iterations: number } {
  let point: Float64Array = start.slice();
  let gradient: Float64Array = new Float64Array(point.length);
  let value = objective(point, gradient);
  const steps: Step[] = [];
  for (let iteration = 0; ; iteration++) {
    if (gradient.every((entry) => Math.abs(entry) <= tolerance)) {
      return { point, converged: true, iterations: iteration };
    }
    if (iteration === maximumIterations) return { point, converged: false, iterations: iteration };
    const direction = descentDirection(gradient, steps);
    const next = search(objective, point, value, gradient, direction);
    // No step along the direction lowers the value by what float64 can see.
    if (next === undefined) return { point, converged: false, iterations: iteration };
    const move = difference(next.point, point);
    const turn = difference(next.gradient, gradient);
    const along = dot(move, turn);
    if (along > Number.EPSILON * dot(turn, turn)) {
      steps.push({ move, turn, scale: 1 / along });
      if (steps.length > MEMORY) steps.shift();
    }
    ({ point, gradient, value } = next);
  }
}

/** The two loops of L-BFGS; without steps so far, against the gradient with a first step of length 1 at most. */
function descentDirection(gradient: Float64Array, steps: readonly Step[]): Float64Array {
  const direction = gradient.map((entry) => -entry);
  const shares = steps.map(() => 0);
  for (let i = steps.length - 1; i >= 0; i--) {
    const { move, turn, scale } = steps[i]!;
    shares[i] = scale * dot(move, direction);
    addScaled(direction, -shares[i]!, turn);
  }
  const last = steps.at(-1);
  const size =
    last === undefined
      ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient)))
      : 1 / (last.scale * dot(last.turn, last.turn));
  for (let i = 0; i < direction.length; i++) direction[i]! *= size;
  steps.forEach(({ move, turn, scale }, i) => {
    addScaled(direction, shares[i]! - scale * dot(turn, direction), move);
  });
  return direction;
}

function search(
  objective: Objective,
  from: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
): { point: Float64Array; value: number; gradient: Float64Array } | undefined {
  const slope = dot(gradient, direction);
  const nextGradient = new Float64Array(from.length);
  for (let halving = 0, share = 1; halving < HALVINGS; halving++, share /= 2) {
    const point = from.slice();
    addScaled(point, share, direction);
    const nextValue = objective(point, nextGradient);
    if (nextValue <= value + SUFFICIENT * share * slope)
      return { point, value: nextValue, gradient: nextGradient };
  }
  return undefined;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]!);
}

function addScaled(target: Float64Array, scale: number, values: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i]! += scale * values[i]!;
}
