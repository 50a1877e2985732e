import type { TensorSpec } from '@patchbert/ops';
import { elementCount } from '@patchbert/ops';
import type * as ort from 'onnxruntime-common';
import type { ProgramState } from './program-state.ts';

/**
 * State in two sets of host buffers: a run reads one and writes the other, then they swap, so that no state is copied
 * between runs. Entries that the step leaves alone (all but `changed`) live once, in both sets.
 */
export function createPreallocatedState(
  TensorClass: ort.TensorConstructor,
  specs: Readonly<Record<string, TensorSpec>>,
  changed: ReadonlySet<string>,
): ProgramState {
  let current = allocate(TensorClass, Object.entries(specs));
  let next = allocate(
    TensorClass,
    Object.entries(specs).filter(([name]) => changed.has(name)),
  );
  const written = new Set<string>();
  return {
    get current() {
      return current;
    },
    get next() {
      return next;
    },
    adopt() {
      const previous = current;
      current = new Map([...current, ...next]);
      next = new Map([...next.keys()].map((name) => [name, previous.get(name)!]));
    },
    async write(tensors) {
      for (const [name, tensor] of Object.entries(tensors)) {
        (current.get(name)!.data as Float32Array).set(tensor.data);
        written.add(name);
      }
    },
    async read(names) {
      return Object.fromEntries(
        names.map((name) => {
          const data = current.get(name)!.data as Float32Array | Int32Array;
          return [name, { ...specs[name]!, data: data.slice() }];
        }),
      );
    },
    isWritten: (name) => written.has(name),
    dispose() {},
  };
}

function allocate(
  TensorClass: ort.TensorConstructor,
  entries: readonly [string, TensorSpec][],
): Map<string, ort.Tensor> {
  return new Map(
    entries.map(([name, spec]) => {
      const size = elementCount(spec.shape);
      const data = spec.dtype === 'float32' ? new Float32Array(size) : new Int32Array(size);
      return [name, new TensorClass(spec.dtype, data, [...spec.shape])];
    }),
  );
}
