import type { HostTensor } from '@patchbert/ops';
import type * as ort from 'onnxruntime-common';
import type { ProgramState } from './program-state.ts';

/** How tensors come to where a program keeps its state, and back. */
export interface Transfer {
  upload(tensor: HostTensor): Promise<ort.Tensor>;
  download(tensor: ort.Tensor): Promise<HostTensor>;
}

/**
 * State in the tensors that the last run returned: they are the inputs of the next run as they are, and those they
 * replace are disposed.
 */
export function createReturnedState({ upload, download }: Transfer): ProgramState {
  const current = new Map<string, ort.Tensor>();
  const replace = (name: string, tensor: ort.Tensor): void => {
    current.get(name)?.dispose();
    current.set(name, tensor);
  };
  return {
    current,
    next: new Map(),
    adopt(results) {
      for (const [name, tensor] of results) replace(name, tensor);
    },
    async write(tensors) {
      for (const [name, tensor] of Object.entries(tensors)) replace(name, await upload(tensor));
    },
    async read(names) {
      const entries: [string, HostTensor][] = [];
      for (const name of names) entries.push([name, await download(current.get(name)!)]);
      return Object.fromEntries(entries);
    },
    isWritten: (name) => current.has(name),
    dispose() {
      for (const tensor of current.values()) tensor.dispose();
      current.clear();
    },
  };
}
