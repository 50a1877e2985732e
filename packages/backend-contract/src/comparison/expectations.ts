import { PatchBertError } from '@patchbert/errors';
import type { HostTensor, HostTensors } from '@patchbert/ops';

/** Fails a contract case with a message. */
function fail(message: string): never {
  throw new Error(message);
}

/** Fails unless `condition` holds. */
export function expectTrue(condition: boolean, message: string): asserts condition {
  if (!condition) fail(message);
}

/** Fails unless both have the same entries, shapes and, within `absolute + relative * |expected|`, values. */
export function expectClose(
  actual: HostTensors,
  expected: HostTensors,
  tolerance: { absolute: number; relative: number },
): void {
  const names = Object.keys(expected);
  expectTrue(
    Object.keys(actual).sort().join() === [...names].sort().join(),
    `expected the entries ${names}; got ${Object.keys(actual)}`,
  );
  for (const name of names) expectCloseTensor(name, actual[name]!, expected[name]!, tolerance);
}

function expectCloseTensor(
  name: string,
  actual: HostTensor,
  expected: HostTensor,
  tolerance: { absolute: number; relative: number },
): void {
  expectTrue(
    actual.shape.join() === expected.shape.join() && actual.dtype === expected.dtype,
    `"${name}": expected ${expected.dtype} [${expected.shape}]; got ${actual.dtype} [${actual.shape}]`,
  );
  expected.data.forEach((value, index) => {
    const difference = Math.abs(actual.data[index]! - value);
    const allowed = tolerance.absolute + tolerance.relative * Math.abs(value);
    // Written so that NaN fails.
    if (!(difference <= allowed)) fail(`"${name}"[${index}]: expected ${value}; got ${actual.data[index]}`);
  });
}

/** Fails unless `action` rejects with a PatchBertError of this code whose message mentions every word. */
export async function expectError(
  action: () => Promise<unknown>,
  code: string,
  mentions: readonly string[] = [],
): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof PatchBertError)) fail(`expected a PatchBertError ${code}; got ${String(error)}`);
    expectTrue(error.code === code, `expected the error ${code}; got ${error.code}: ${error.message}`);
    for (const word of mentions)
      expectTrue(error.message.includes(word), `"${error.message}" lacks "${word}"`);
    return;
  }
  fail(`expected the error ${code}; nothing was thrown`);
}
