import type { HostTensors, TensorSpec, Tensors } from '@patchbert/ops';

/**
 * One step of a model as a pure function over named tensors, written once with tfjs ops.
 *
 * `state` is all that survives a step: parameters, optimiser moments, nothing hidden. The returned `state` holds the
 * entries that change, under the names and shapes they had; entries left out keep their value, so an evaluation step
 * returns `state: {}`. `outputs` come back to the host.
 */
export type Step = (state: Tensors, batch: Tensors) => StepResult;

export interface StepResult {
  readonly state: Tensors;
  readonly outputs: Tensors;
}

/** Names, shapes and types of everything that enters a step. Shapes are static. */
export interface Signature {
  readonly state: Readonly<Record<string, TensorSpec>>;
  readonly batch: Readonly<Record<string, TensorSpec>>;
}

/** What a backend can do here, in words a user can act on. */
export interface Capabilities {
  /** Whether gradients and optimiser steps run. */
  readonly trains: boolean;
  readonly precision: 'float64' | 'float32' | 'float16';
  /** The engine below, such as `ONNX Runtime 1.30.0, cpu, 2 threads`. */
  readonly engine: string;
}

/** A compiled step. Its state lives on the device between runs. */
export interface Program {
  /**
   * Runs the step once: reads the state, replaces what the step returned, hands back the outputs.
   * @throws PatchBertError `backend/bad-batch` for a missing, unknown or wrongly shaped entry, `backend/state-not-set`
   * before every state entry was written, `backend/disposed` after `dispose`, `backend/busy` when a run is under way,
   * `backend/device-lost` when the device went away: start the backend again and go on from the last checkpoint.
   */
  run(batch: HostTensors): Promise<HostTensors>;
  /** Copies state to the host; every entry, or the named ones. */
  readState(names?: readonly string[]): Promise<HostTensors>;
  /** Replaces state entries; the others keep their value. */
  writeState(tensors: HostTensors): Promise<void>;
  dispose(): void;
}

/** A device with a lifetime. Disposing it disposes its programs. */
export interface Backend {
  readonly name: string;
  /** Where its user took it from, a module file or a package, when it does not come with the program. Receipts state it. */
  readonly module?: string;
  readonly capabilities: Capabilities;
  /**
   * Makes a step ready to run, or says why it cannot run here, before the first batch.
   * @throws PatchBertError `backend/unsupported-kernel` that names the kernel and where it is to be had,
   * `backend/cannot-train` when the step changes state on a device too coarse for it, `backend/bad-step`.
   */
  compile(step: Step, signature: Signature): Promise<Program>;
  dispose(): Promise<void>;
}

export type Availability =
  | { readonly available: true }
  | { readonly available: false; readonly reason: string };

export interface BackendOptions {
  /** CPU threads of one step. Default: the number of physical cores. */
  readonly threads?: number;
}

/** What a backend package exports: a name, whether it can run here, and how to start it. Made by `defineBackend`. */
export interface BackendAdapter {
  /** What users choose it by, engine before device, such as `onnx-cpu`. */
  readonly name: string;
  /** One line for a listing, such as `ONNX Runtime on the processor`. */
  readonly description: string;
  isAvailable(): Promise<Availability>;
  /** @throws PatchBertError `backend/unavailable` with the reason, `backend/bad-option`. */
  create(options?: BackendOptions): Promise<Backend>;
}
