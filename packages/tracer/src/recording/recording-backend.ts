import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import type { Attributes, Value, ValueSpec } from '../graph/graph.ts';
import { tracedKernels } from '../kernels/index.ts';
import type { TfjsAttributes, TracedKernel } from '../kernels/kernel.ts';
import type { GraphRecorder } from './graph-recorder.ts';
import { UntraceableKernelError } from './untraceable-kernel-error.ts';

/** Name under which the recording backend registers with tfjs. */
const RECORDING_BACKEND = 'patchbert-tracer';

/**
 * A tfjs backend that computes nothing: its tensors stand for graph values, and its kernels add nodes to the recorder
 * of the trace under way.
 */
class RecordingBackend extends tf.KernelBackend {
  private readonly values = new Map<object, Value>();
  private recorder: GraphRecorder | undefined;

  begin(recorder: GraphRecorder): void {
    this.recorder = recorder;
  }

  end(): void {
    this.recorder = undefined;
    this.values.clear();
  }

  /** The recorder of the trace under way. */
  get current(): GraphRecorder {
    if (this.recorder === undefined) {
      throw new PatchBertError(
        'tracer/not-tracing',
        'a tensor of a finished trace was used; traced tensors do not outlive it.',
      );
    }
    return this.recorder;
  }

  /** A new tensor handle for a graph value. */
  handle(value: Value): tf.TensorInfo {
    const dataId = {};
    this.values.set(dataId, value);
    return { dataId, shape: [...value.shape], dtype: value.dtype };
  }

  /** The graph value of a tensor. A tensor of another tfjs backend becomes a constant, and stays where it is. */
  graphValue(tensor: tf.TensorInfo): Value {
    const known = this.values.get(tensor.dataId);
    if (known !== undefined) return known;
    const owner = tf.engine().state.tensorInfo.get(tensor.dataId)?.backend;
    if (owner === undefined || owner === this) {
      throw new PatchBertError('tracer/disposed', 'trace: the step uses a tensor that was disposed.');
    }
    const spec: ValueSpec = { shape: tensor.shape, dtype: traceableType(tensor.dtype) };
    const value = this.current.addConstant(spec, owner.readSync(tensor.dataId) as ArrayLike<number>);
    this.values.set(tensor.dataId, value);
    return value;
  }

  override write(data: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    const dataId = {};
    this.move(dataId, data, shape, dtype);
    return dataId;
  }

  override move(dataId: object, data: tf.BackendValues, shape: number[], dtype: tf.DataType): void {
    const spec: ValueSpec = { shape, dtype: traceableType(dtype) };
    this.values.set(dataId, this.current.addConstant(spec, data as ArrayLike<number>));
  }

  override readSync(): never {
    throw readError();
  }

  override read(): never {
    throw readError();
  }

  override disposeData(dataId: object): boolean {
    return this.values.delete(dataId);
  }

  override numDataIds(): number {
    return this.values.size;
  }

  override refCount(): number {
    return 1;
  }

  override incRef(): void {}

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override timerAvailable(): boolean {
    return false;
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    this.values.clear();
  }
}

export type { RecordingBackend };

/**
 * Makes the recording backend current and returns it; registers it and its kernels with tfjs the first time. Kernels in
 * `absent` are not there meanwhile.
 */
export function enterRecordingBackend(absent: readonly string[]): RecordingBackend {
  if (tf.findBackendFactory(RECORDING_BACKEND) === null) {
    // The lowest priority: it must never be chosen by itself.
    tf.registerBackend(RECORDING_BACKEND, () => new RecordingBackend(), -1);
  }
  for (const kernel of tracedKernels.values()) {
    const registered = tf.getKernel(kernel.name, RECORDING_BACKEND) !== undefined;
    if (absent.includes(kernel.name)) {
      if (registered) tf.unregisterKernel(kernel.name, RECORDING_BACKEND);
    } else if (!registered) {
      registerTracedKernel(kernel);
    }
  }
  registerRefusals();
  // Synchronous for a factory that returns no promise.
  void tf.setBackend(RECORDING_BACKEND);
  return tf.backend() as RecordingBackend;
}

function registerTracedKernel(kernel: TracedKernel): void {
  tf.registerKernel({
    kernelName: kernel.name,
    backendName: RECORDING_BACKEND,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const recording = backend as RecordingBackend;
      const tensors = (
        kernel.inputs === 'list' ? Object.values(inputs) : kernel.inputs.map((name) => inputs[name])
      ) as tf.TensorInfo[];
      const values = tensors.map((tensor) => recording.graphValue(tensor));
      const { outputs, attributes = {} } = kernel.infer(values, (attrs ?? {}) as TfjsAttributes);
      const results = record(recording.current, kernel.name, values, attributes, outputs);
      const handles = results.map((value) => recording.handle(value));
      return handles.length === 1 ? handles[0]! : handles;
    },
  });
}

/** Adds a node; a kernel whose output is known already becomes a constant. */
function record(
  recorder: GraphRecorder,
  kernel: string,
  inputs: readonly Value[],
  attributes: Attributes,
  outputs: readonly ValueSpec[],
): readonly Value[] {
  const { fill, values } = attributes;
  if (typeof fill === 'number') return [recorder.addFill(outputs[0]!, fill)];
  if (Array.isArray(values)) return [recorder.addConstant(outputs[0]!, values)];
  return recorder.addNode(kernel, inputs, attributes, outputs);
}

/** Every other kernel that tfjs' cpu backend knows answers with its name instead of tfjs' internal assertion. */
function registerRefusals(): void {
  for (const { kernelName } of tf.getKernelsForBackend('cpu')) {
    if (tf.getKernel(kernelName, RECORDING_BACKEND)) continue;
    tf.registerKernel({
      kernelName,
      backendName: RECORDING_BACKEND,
      kernelFunc: () => {
        throw new UntraceableKernelError(kernelName);
      },
    });
  }
}

function readError(): PatchBertError {
  return new PatchBertError(
    'tracer/value-read',
    'trace: the step reads the value of a tensor (data, array, print...), which has none while it is traced. ' +
      'Return it as an output and read it on the host.',
  );
}

function traceableType(dtype: tf.DataType): ValueSpec['dtype'] {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new PatchBertError(
    'tracer/bad-type',
    `trace: tensors of type ${dtype} cannot be traced; use float32, int32 or bool.`,
  );
}
