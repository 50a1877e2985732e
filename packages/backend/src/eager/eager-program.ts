import type { HostTensor, HostTensors, Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { checkBatch, checkState, checkStateNames, checkStateWritten } from '../check-tensors.ts';
import type { Program, Signature, Step, StepResult } from '../contract.ts';
import { createRunGate } from '../run-gate.ts';
import { checkStepResult } from '../step-result.ts';
import { onEngine, startEngine } from './engine.ts';

/** One step run eagerly on the tfjs backend of the given name; the state stays in kept tensors. */
export function createEagerProgram(
  tfjsBackend: string,
  step: Step,
  signature: Signature,
  onDispose: () => void,
): Program {
  const state = new Map<string, tf.Tensor>();
  const stateNames = Object.keys(signature.state);
  const gate = createRunGate();

  return {
    run: (batch) =>
      gate.run('run', async () => {
        checkBatch(batch, signature.batch);
        checkStateWritten(stateNames, (name) => state.has(name));
        await startEngine(tfjsBackend);
        const result = onEngine(tfjsBackend, () =>
          runOnce(step, signature, Object.fromEntries(state), batch),
        );
        for (const [name, tensor] of Object.entries(result.state)) {
          state.get(name)?.dispose();
          state.set(name, tensor);
        }
        const outputs = await readTensors(result.outputs);
        tf.dispose(Object.values(result.outputs));
        return outputs;
      }),
    readState: (names = stateNames) =>
      gate.run('readState', async () => {
        checkStateNames(names, signature.state);
        checkStateWritten(names, (name) => state.has(name));
        return readTensors(Object.fromEntries(names.map((name) => [name, state.get(name)!])));
      }),
    writeState: (tensors) =>
      gate.run('writeState', async () => {
        checkState(tensors, signature.state);
        await startEngine(tfjsBackend);
        onEngine(tfjsBackend, () => {
          for (const [name, tensor] of Object.entries(tensors)) {
            state.get(name)?.dispose();
            state.set(name, upload(tensor));
          }
        });
      }),
    dispose() {
      gate.close();
      tf.dispose([...state.values()]);
      state.clear();
      onDispose();
    },
  };
}

/** Runs the step on uploaded copies of the batch; only the returned state and outputs survive. */
function runOnce(step: Step, signature: Signature, state: Tensors, batch: HostTensors): StepResult {
  const kept = tf.tidy(() => {
    const device = Object.fromEntries(Object.entries(batch).map(([name, tensor]) => [name, upload(tensor)]));
    const result = step(state, device);
    checkStepResult(result, signature);
    // A copy where the step handed back one of its inputs: the caller disposes old state and outputs separately.
    const own = (tensors: Tensors) =>
      Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]));
    return [own(result.state), own(result.outputs)] as unknown as tf.TensorContainer;
  }) as unknown as [Tensors, Tensors];
  return { state: kept[0], outputs: kept[1] };
}

function upload(tensor: HostTensor): tf.Tensor {
  // A copy: tfjs' cpu backend would alias the caller's array.
  return tf.tensor(tensor.data.slice(), [...tensor.shape], tensor.dtype);
}

async function readTensors(tensors: Tensors): Promise<HostTensors> {
  const entries = await Promise.all(
    Object.entries(tensors).map(async ([name, tensor]): Promise<[string, HostTensor]> => {
      const values = await tensor.data();
      return tensor.dtype === 'int32'
        ? [name, { dtype: 'int32', shape: tensor.shape, data: Int32Array.from(values) }]
        : [name, { dtype: 'float32', shape: tensor.shape, data: Float32Array.from(values) }];
    }),
  );
  return Object.fromEntries(entries);
}
