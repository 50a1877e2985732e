import {
  checkBatch,
  checkState,
  checkStateNames,
  checkStateWritten,
  checkStepResult,
  createRunGate,
  type Program,
  type Signature,
  type Step,
} from '@patchbert/backend';
import type { HostTensor, HostTensors } from '@patchbert/ops';
import { trace } from '@patchbert/tracer';
import type * as ort from 'onnxruntime-common';
import { inputName, lowerGraph, outputName } from '../lowering/lower-graph.ts';
import { createStateBuffers, type StateBuffers } from './state-buffers.ts';

/**
 * What a program needs of onnxruntime-node or onnxruntime-web. The tensor class must be the runtime's own: it tests
 * preallocated outputs with `instanceof` and ignores those of another copy of onnxruntime-common.
 */
export interface OnnxRuntime {
  readonly Tensor: ort.TensorConstructor;
  createSession(model: Uint8Array): Promise<ort.InferenceSession>;
}

/** Traces a step, lowers it to one ONNX model, and runs that with the state fed back without copies. */
export async function createOnnxProgram(
  step: Step,
  signature: Signature,
  runtime: OnnxRuntime,
  onDispose: () => void,
): Promise<Program> {
  const { model, changed } = compileStep(step, signature);
  const session = await runtime.createSession(model);
  const stateNames = Object.keys(signature.state);
  const buffers = createStateBuffers(runtime.Tensor, signature.state, changed);
  const gate = createRunGate();
  // ONNX Runtime drops an input that no node reads; feeding it would be an error.
  const read = new Set(session.inputNames);

  return {
    run: (batch) =>
      gate.run('run', async () => {
        checkBatch(batch, signature.batch);
        checkStateWritten(stateNames, buffers.isWritten);
        const results = await session.run(
          feeds(runtime.Tensor, batch, buffers, read),
          fetches(session, buffers),
        );
        buffers.swap();
        return readOutputs(results);
      }),
    readState: (names = stateNames) =>
      gate.run('readState', async () => {
        checkStateNames(names, signature.state);
        checkStateWritten(names, buffers.isWritten);
        return buffers.read(names);
      }),
    writeState: (tensors) =>
      gate.run('writeState', async () => {
        checkState(tensors, signature.state);
        buffers.write(tensors);
      }),
    dispose() {
      gate.close(() => void session.release());
      onDispose();
    },
  };
}

/** The ONNX model of a step, and the names of the state entries it changes. */
function compileStep(step: Step, signature: Signature): { model: Uint8Array; changed: ReadonlySet<string> } {
  let changed: ReadonlySet<string> = new Set();
  const graph = trace(
    ({ state, batch }) => {
      const result = step(state!, batch!);
      checkStepResult(result, signature);
      changed = new Set(Object.keys(result.state));
      return { state: result.state, output: result.outputs };
    },
    { state: signature.state, batch: signature.batch },
  );
  return { model: lowerGraph(graph), changed };
}

function feeds(
  TensorClass: ort.TensorConstructor,
  batch: HostTensors,
  buffers: StateBuffers,
  read: ReadonlySet<string>,
): Record<string, ort.Tensor> {
  const result: Record<string, ort.Tensor> = {};
  const add = (name: string, tensor: ort.Tensor) => {
    if (read.has(name)) result[name] = tensor;
  };
  for (const [name, tensor] of buffers.current) add(inputName(`state:${name}`), tensor);
  for (const [name, tensor] of Object.entries(batch)) {
    add(inputName(`batch:${name}`), new TensorClass(tensor.dtype, tensor.data, [...tensor.shape]));
  }
  return result;
}

function fetches(session: ort.InferenceSession, buffers: StateBuffers): Record<string, ort.Tensor | null> {
  const result: Record<string, ort.Tensor | null> = Object.fromEntries(
    session.outputNames.map((name) => [name, null]),
  );
  for (const [name, tensor] of buffers.next) result[outputName(`state:${name}`)] = tensor;
  return result;
}

function readOutputs(results: ort.InferenceSession.OnnxValueMapType): HostTensors {
  const prefix = outputName('output:');
  const entries = Object.entries(results).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(
    entries.map(([name, value]): [string, HostTensor] => {
      const tensor = value as ort.Tensor;
      const data = tensor.data as Float32Array | Int32Array;
      const dtype = tensor.type === 'int32' ? 'int32' : 'float32';
      return [name.slice(prefix.length), { dtype, shape: [...tensor.dims], data }];
    }),
  );
}
