import { didYouMean, PatchBertError } from '@patchbert/errors';

/** Parameter names, divided. */
export interface FrozenSplit {
  /** What `trainingStep` and the optimiser's state are for. */
  readonly trained: readonly string[];
  readonly frozen: readonly string[];
}

/**
 * Divides parameters into trained and frozen ones. A pattern freezes the parameter of that name and everything below it
 * (`encoder`, `encoder.layers.0`); `*` stands for one part of a name (`encoder.layers.*.attention`).
 *
 * A frozen parameter is left out of the names given to `trainingStep`: no gradient is computed and its bits never change.
 *
 * @throws PatchBertError `train/bad-freeze` for a pattern that matches nothing, with the nearest name, and when nothing is
 * left to train.
 * @example
 * freeze(Object.keys(parameters), ['encoder.embedding', 'encoder.layers.0']).trained;
 */
export function freeze(names: readonly string[], patterns: readonly string[]): FrozenSplit {
  for (const pattern of patterns) {
    if (names.some((name) => matches(name, pattern))) continue;
    const hint =
      didYouMean(pattern, prefixes(names)) || ` Parameters are called ${names.slice(0, 3).join(', ')}, ...`;
    throw new PatchBertError('train/bad-freeze', `freeze: "${pattern}" matches no parameter.${hint}`);
  }
  const isFrozen = (name: string) => patterns.some((pattern) => matches(name, pattern));
  const trained = names.filter((name) => !isFrozen(name));
  if (trained.length === 0) {
    throw new PatchBertError(
      'train/bad-freeze',
      `freeze: ${patterns.map((pattern) => `"${pattern}"`).join(', ')} leave nothing to train; freeze less.`,
    );
  }
  return { trained, frozen: names.filter(isFrozen) };
}

function matches(name: string, pattern: string): boolean {
  const parts = name.split('.');
  return pattern.split('.').every((part, i) => parts[i] !== undefined && (part === '*' || part === parts[i]));
}

/** Every name and every level above it: what a pattern may have meant. */
function prefixes(names: readonly string[]): string[] {
  const found = new Set<string>();
  for (const name of names) {
    const parts = name.split('.');
    parts.forEach((_, i) => {
      found.add(parts.slice(0, i + 1).join('.'));
    });
  }
  return [...found];
}
