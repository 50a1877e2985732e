import type { HostTensors, TensorSpec } from '@patchbert/ops';
import { elementCount } from '@patchbert/ops';
import type * as ort from 'onnxruntime-common';

/**
 * The state of a program in two sets of buffers: a run reads one and writes the other, then they swap, so that no state
 * is copied between runs. Entries that the step leaves alone live once, in both sets.
 */
export interface StateBuffers {
  /** Tensors the next run reads. */
  readonly current: ReadonlyMap<string, ort.Tensor>;
  /** Tensors the next run writes; only entries that the step changes. */
  readonly next: ReadonlyMap<string, ort.Tensor>;
  swap(): void;
  write(tensors: HostTensors): void;
  read(names: readonly string[]): HostTensors;
  isWritten(name: string): boolean;
}

/** Buffers for the given state; `changed` names the entries that the step returns. */
export function createStateBuffers(
  TensorClass: ort.TensorConstructor,
  specs: Readonly<Record<string, TensorSpec>>,
  changed: ReadonlySet<string>,
): StateBuffers {
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
    swap() {
      const previous = current;
      current = new Map([...current, ...next]);
      next = new Map([...next.keys()].map((name) => [name, previous.get(name)!]));
    },
    write(tensors) {
      for (const [name, tensor] of Object.entries(tensors)) {
        (current.get(name)!.data as Float32Array).set(tensor.data);
        written.add(name);
      }
    },
    read: (names) =>
      Object.fromEntries(
        names.map((name) => {
          const data = current.get(name)!.data as Float32Array | Int32Array;
          return [name, { ...specs[name]!, data: data.slice() }];
        }),
      ),
    isWritten: (name) => written.has(name),
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
