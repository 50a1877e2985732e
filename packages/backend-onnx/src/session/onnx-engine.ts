import type { Capabilities, LosableDevice } from '@patchbert/backend';
import type { OperatorForms } from '@patchbert/onnx';
import type * as ort from 'onnxruntime-common';

/** What a program needs of a session. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(
    feeds: ort.InferenceSession.FeedsType,
    fetches: ort.InferenceSession.FetchesType,
  ): Promise<ort.InferenceSession.ReturnType>;
  release(): Promise<void>;
}

/**
 * What a backend needs of onnxruntime-node or onnxruntime-web. The tensor class must be the runtime's own: it tests
 * preallocated outputs with `instanceof` and ignores those of another copy of onnxruntime-common.
 */
export interface OnnxRuntime {
  readonly Tensor: ort.TensorConstructor;
  /** Opens a session whose outputs of the given names stay on the device. */
  createSession(model: Uint8Array, deviceOutputs: readonly string[]): Promise<OnnxSession>;
}

/**
 * Where the state of a program is between runs: in buffers of the host that sessions read and write in place
 * (`preallocated`), in whatever tensors a run returned (`returned`), or in such tensors on the device (`device`).
 */
export type StatePlace = 'preallocated' | 'returned' | 'device';

/** One execution provider of ONNX Runtime on one device. */
export interface OnnxEngine extends LosableDevice {
  readonly capabilities: Capabilities;
  readonly runtime: OnnxRuntime;
  readonly forms: OperatorForms;
  readonly statePlace: StatePlace;
  /** Looks whether an error of a session says that the device is gone; `deviceLost` answers from then on. */
  noteError?(error: unknown): void;
  /** Called when the backend is disposed, after its sessions were released. */
  release?(): void;
}
