import type { TensorSpec } from '@patchbert/ops';

/** A tensor that is not what it should be; `undefined` where there is none, or none should be. */
export interface TensorDifference {
  readonly name: string;
  readonly expected: readonly number[] | undefined;
  readonly found: readonly number[] | undefined;
}

type Specs = Readonly<Record<string, TensorSpec>>;

/** Every name whose shape differs between two records, those of `expected` first. */
export function differingTensors(expected: Specs, found: Specs): TensorDifference[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  const shapeIn = (specs: Specs, name: string) =>
    Object.hasOwn(specs, name) ? specs[name]!.shape : undefined;
  return [...names]
    .map((name) => ({ name, expected: shapeIn(expected, name), found: shapeIn(found, name) }))
    .filter((pair) => pair.expected?.join() !== pair.found?.join());
}

/** Such as `encoder.norm.scale: [32], expected [64]`. */
export function describeDifference({ name, expected, found }: TensorDifference): string {
  const words = (shape: readonly number[] | undefined) => (shape ? `[${shape.join(', ')}]` : 'nothing');
  const shown = name.length > 80 ? `${name.slice(0, 80)}…` : name;
  return `${shown}: ${words(found)}, expected ${words(expected)}`;
}
