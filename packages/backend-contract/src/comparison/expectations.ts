import { PatchBertError } from '@patchbert/errors';
import type { HostTensors } from '@patchbert/ops';
import { largestError } from './largest-error.ts';

/** Fails a contract case with a message. */
export function fail(message: string): never {
  throw new Error(message);
}

/** Fails unless `condition` holds. */
export function expectTrue(condition: boolean, message: string): asserts condition {
  if (!condition) fail(message);
}

/** Fails unless both have the same entries, shapes, types and bits (0 and -0 count as one). */
export function expectSame(actual: HostTensors, expected: HostTensors): void {
  expectEntries(actual, expected);
  for (const [name, { data }] of Object.entries(expected)) {
    data.forEach((value, i) => {
      const found = actual[name]!.data[i]!;
      if (found !== value && !Object.is(found, value))
        fail(`"${name}"[${i}]: expected ${value}; got ${found}`);
    });
  }
}

/** Fails unless both have the same entries, shapes and types, and no number is further off than `largestError` allows. */
export function expectWithin(
  actual: HostTensors,
  expected: HostTensors,
  tolerance: number,
  when = 'values',
): void {
  expectEntries(actual, expected);
  for (const [name, tensor] of Object.entries(expected)) {
    const error = largestError({ [name]: actual[name]! }, { [name]: tensor });
    expectTrue(
      error <= tolerance,
      `${when}: "${name}" is off by ${error.toExponential(2)} of its largest number; ${tolerance} is allowed`,
    );
  }
}

function expectEntries(actual: HostTensors, expected: HostTensors): void {
  const names = Object.keys(expected);
  expectTrue(
    Object.keys(actual).sort().join() === [...names].sort().join(),
    `expected the entries ${names}; got ${Object.keys(actual)}`,
  );
  for (const name of names) {
    const [found, wanted] = [actual[name]!, expected[name]!];
    expectTrue(
      found.shape.join() === wanted.shape.join() &&
        found.dtype === wanted.dtype &&
        found.data.length === wanted.data.length,
      `"${name}": expected ${wanted.dtype} [${wanted.shape}]; got ${found.dtype} [${found.shape}] of ${found.data.length} numbers`,
    );
  }
}

/** Fails unless `action` rejects with a PatchBertError of this code whose message mentions every word. */
export async function expectError(
  action: () => Promise<unknown>,
  code: string,
  mentions: readonly string[] = [],
): Promise<void> {
  const error = await errorOf(action);
  if (error === undefined) fail(`expected the error ${code}; nothing was thrown`);
  if (!(error instanceof PatchBertError)) fail(`expected a PatchBertError ${code}; got ${String(error)}`);
  expectTrue(error.code === code, `expected the error ${code}; got ${error.code}: ${error.message}`);
  for (const word of mentions) expectTrue(error.message.includes(word), `"${error.message}" lacks "${word}"`);
}

/** What `action` throws or rejects with; undefined when it does neither. */
export async function errorOf(action: () => Promise<unknown>): Promise<unknown> {
  try {
    await action();
    return undefined;
  } catch (error) {
    return error ?? new Error(`an empty error: ${error}`);
  }
}
