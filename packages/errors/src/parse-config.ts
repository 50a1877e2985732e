import { didYouMean } from './did-you-mean.ts';
import { PatchBertError } from './patchbert-error.ts';
import { quote } from './quote.ts';

/** How many problems a message lists before it counts. */
const LISTED = 20;

/** What `parseConfig` needs of a zod schema; structural, so that this package depends on nothing. */
export interface ConfigSchema<T> {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: readonly ConfigIssue[] } };
}

export interface ConfigIssue {
  readonly code?: string | undefined;
  readonly message: string;
  readonly path: readonly PropertyKey[];
  readonly keys?: readonly string[];
}

/**
 * Parses `value` with a strict schema and returns it deep-frozen.
 *
 * @param where names the origin in messages, such as `patchbert.json` or `encoder config`.
 * @throws PatchBertError `config/invalid`: every problem up to 20, an unknown key with the nearest known one.
 * @example
 * const config = parseConfig(z.strictObject({ width: z.int() }), { width: 64 }, 'encoder config');
 */
export function parseConfig<T>(schema: ConfigSchema<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return deepFreeze(result.data);
  const { issues } = result.error;
  const lines = issues.slice(0, LISTED).flatMap((issue) => describeIssue(schema, issue));
  const rest = issues.length > LISTED ? [`and ${issues.length - LISTED} more problems`] : [];
  throw new PatchBertError('config/invalid', `${where}: ${[...lines, ...rest].join('; ')}`);
}

function describeIssue(schema: unknown, issue: ConfigIssue): string[] {
  if (issue.code === 'unrecognized_keys' && issue.keys) {
    const known = knownKeys(schema, issue.path);
    const lines = issue.keys.slice(0, LISTED).map((key) => {
      const hint = didYouMean(key, known) || (known.length > 0 ? ` Known keys: ${known.join(', ')}.` : '');
      return `unknown key ${quote([...issue.path, key].join('.'))}.${hint}`;
    });
    const more = issue.keys.length - LISTED;
    return more > 0 ? [...lines, `and ${more} more unknown keys`] : lines;
  }
  const path = issue.path.join('.');
  return [path === '' ? issue.message : `${quote(path)}: ${issue.message}`];
}

/** Walks down `schema.shape` (through optional and default wrappers) to the object at `path`. */
function knownKeys(schema: unknown, path: readonly PropertyKey[]): string[] {
  let current = unwrap(schema);
  for (const key of path) current = unwrap(shapeOf(current)?.[key]);
  return Object.keys(shapeOf(current) ?? {});
}

function shapeOf(schema: unknown): Record<PropertyKey, unknown> | undefined {
  return (schema as { shape?: Record<PropertyKey, unknown> } | undefined)?.shape;
}

function unwrap(schema: unknown): unknown {
  let current = schema;
  while (current !== undefined && shapeOf(current) === undefined) {
    const inner = (current as { unwrap?: () => unknown }).unwrap?.();
    if (inner === undefined || inner === current) return current;
    current = inner;
  }
  return current;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value) && !ArrayBuffer.isView(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
