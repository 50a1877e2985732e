import type { TensorSpec, Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Graph, Value } from '../graph/graph.ts';
import { createGraphRecorder } from './graph-recorder.ts';
import { enterRecordingBackend } from './recording-backend.ts';
import { asUntraceableKernel } from './untraceable-kernel-error.ts';

/** A function over named groups of tensors, such as `{ state, batch }` to `{ state, outputs }`. */
export type TraceableFunction = (
  inputs: Readonly<Record<string, Tensors>>,
) => Readonly<Record<string, Tensors>>;

export interface TraceOptions {
  /**
   * Fused kernels of `FUSED_KERNELS` in `@patchbert/ops` to trace as the plain ops they stand for, because what runs the
   * graph lacks them. Default: none.
   */
  readonly unfused?: readonly string[] | undefined;
}

/**
 * Runs a function once with symbolic tensors and returns what it computed as a graph. Gradients taken inside are
 * recorded too. Graph inputs and outputs are named `<group>:<name>`.
 *
 * Tensors of other backends that the function captured become constants.
 *
 * @throws UntraceableKernelError naming a kernel that cannot be traced; PatchBertError `tracer/value-read` when the
 * function reads a tensor's value.
 * @example
 * const graph = trace(({ batch }) => ({ outputs: { y: tf.square(batch.x!) } }), { batch: { x: { shape: [3], dtype: 'float32' } } });
 */
export function trace(
  traced: TraceableFunction,
  specs: Readonly<Record<string, Readonly<Record<string, TensorSpec>>>>,
  { unfused = [] }: TraceOptions = {},
): Graph {
  tf.backend(); // tfjs starts its default backend now, so that there is one to return to
  const previous = tf.getBackend();
  const backend = enterRecordingBackend(unfused);
  const recorder = createGraphRecorder();
  backend.begin(recorder);
  try {
    const outputs = new Map<string, Value>();
    tf.tidy(() => {
      const inputs = mapGroups(specs, (name, spec) => {
        const handle = backend.handle(recorder.addInput(name, spec));
        return tf.engine().makeTensorFromTensorInfo(handle);
      });
      const results = traced(inputs);
      mapGroups(results, (name, tensor) => outputs.set(name, backend.graphValue(tensor)));
    });
    return recorder.finish(outputs);
  } catch (error) {
    throw asUntraceableKernel(error) ?? error;
  } finally {
    backend.end();
    void tf.setBackend(previous);
  }
}

function mapGroups<A, B>(
  groups: Readonly<Record<string, Readonly<Record<string, A>>>>,
  map: (name: string, value: A) => B,
): Record<string, Record<string, B>> {
  return Object.fromEntries(
    Object.entries(groups).map(([group, entries]) => [
      group,
      Object.fromEntries(
        Object.entries(entries).map(([name, value]) => [name, map(`${group}:${name}`, value)]),
      ),
    ]),
  );
}
