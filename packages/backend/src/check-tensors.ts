import { didYouMean, PatchBertError } from '@patchbert/errors';
import { elementCount, type HostTensors, type TensorSpec } from '@patchbert/ops';

type Specs = Readonly<Record<string, TensorSpec>>;

/**
 * Checks that a batch holds exactly the entries of its signature, with their shapes and types.
 *
 * @throws PatchBertError `backend/bad-batch` that names the entry.
 */
export function checkBatch(batch: HostTensors, specs: Specs): void {
  checkEntries('run', 'backend/bad-batch', batch, specs);
  for (const name of Object.keys(specs)) {
    if (!Object.hasOwn(batch, name)) {
      throw new PatchBertError(
        'backend/bad-batch',
        `run: the batch lacks "${name}" ${describe(specs[name]!)}; it has ${listNames(Object.keys(batch))}.`,
      );
    }
  }
}

/**
 * Checks that the entries to write exist in the state, with their shapes and types.
 *
 * @throws PatchBertError `backend/bad-state` that names the entry.
 */
export function checkState(tensors: HostTensors, specs: Specs): void {
  checkEntries('writeState', 'backend/bad-state', tensors, specs);
}

/**
 * Checks that the named entries exist in the state.
 *
 * @throws PatchBertError `backend/bad-state` that names the entry.
 */
export function checkStateNames(names: readonly string[], specs: Specs): void {
  for (const name of names) {
    if (!Object.hasOwn(specs, name)) {
      throw new PatchBertError(
        'backend/bad-state',
        `readState: unknown entry "${name}".${didYouMean(name, Object.keys(specs))}`,
      );
    }
  }
}

/**
 * Checks that the named entries were written before they are read.
 *
 * @throws PatchBertError `backend/state-not-set` that names the first one that was not.
 */
export function checkStateWritten(names: readonly string[], isWritten: (name: string) => boolean): void {
  const absent = names.filter((name) => !isWritten(name));
  if (absent.length === 0) return;
  throw new PatchBertError(
    'backend/state-not-set',
    `run: ${absent.length} state entries were never written, first "${absent[0]}"; call writeState before the first run.`,
  );
}

function checkEntries(caller: string, code: string, tensors: HostTensors, specs: Specs): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    if (!Object.hasOwn(specs, name)) {
      throw new PatchBertError(
        code,
        `${caller}: unknown entry "${name}".${didYouMean(name, Object.keys(specs))}`,
      );
    }
    const spec = specs[name]!;
    if (tensor.dtype !== spec.dtype || !sameShape(tensor.shape, spec.shape)) {
      throw new PatchBertError(
        code,
        `${caller}: "${name}" is ${describe(tensor)}; expected ${describe(spec)}.`,
      );
    }
    if (tensor.data.length !== elementCount(spec.shape)) {
      throw new PatchBertError(
        code,
        `${caller}: "${name}" holds ${tensor.data.length} values; ${describe(spec)} needs ${elementCount(spec.shape)}.`,
      );
    }
  }
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function describe(spec: TensorSpec): string {
  return `${spec.dtype} [${spec.shape.join(', ')}]`;
}

function listNames(names: readonly string[]): string {
  return names.length === 0 ? 'no entries' : names.map((name) => `"${name}"`).join(', ');
}
