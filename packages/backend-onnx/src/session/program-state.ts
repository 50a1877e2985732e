import type { HostTensors } from '@patchbert/ops';
import type * as ort from 'onnxruntime-common';

/** The state of one program between runs. */
export interface ProgramState {
  /** Tensors the next run reads. */
  readonly current: ReadonlyMap<string, ort.Tensor>;
  /** Tensors the next run writes in place; empty where a run returns tensors of its own. */
  readonly next: ReadonlyMap<string, ort.Tensor>;
  /** Takes over what a run left. */
  adopt(results: ReadonlyMap<string, ort.Tensor>): void;
  write(tensors: HostTensors): Promise<void>;
  /** Copies entries to the host. */
  read(names: readonly string[]): Promise<HostTensors>;
  isWritten(name: string): boolean;
  dispose(): void;
}
