import * as tf from '@tensorflow/tfjs-core';
import { checkBatch, checkState, checkStateNames, checkStateWritten } from '../check-tensors.ts';
import type { Program, Signature, Step } from '../contract.ts';
import { whileDeviceLives } from '../device-loss.ts';
import { createRunGate } from '../run-gate.ts';
import type { EagerBackendOptions } from './eager-backend.ts';
import { onEngine, startEngine } from './engine.ts';
import { readTensors, runOnce, upload } from './run-once.ts';

/** One step run eagerly on a registered tfjs backend; the state stays in kept tensors. */
export function createEagerProgram(
  engine: EagerBackendOptions,
  step: Step,
  signature: Signature,
  onDispose: () => void,
): Program {
  const { tfjsBackend } = engine;
  const state = new Map<string, tf.Tensor>();
  const stateNames = Object.keys(signature.state);
  const gate = createRunGate();
  const call = <T>(caller: string, action: () => Promise<T>): Promise<T> =>
    gate.run(caller, () => whileDeviceLives(engine, caller, action));

  return {
    run: (batch) =>
      call('run', async () => {
        checkBatch(batch, signature.batch);
        checkStateWritten(stateNames, (name) => state.has(name));
        await startEngine(tfjsBackend);
        const result = onEngine(tfjsBackend, () => runOnce(step, Object.fromEntries(state), batch));
        for (const [name, tensor] of Object.entries(result.state)) {
          state.get(name)?.dispose();
          state.set(name, tensor);
        }
        try {
          return await readTensors(result.outputs);
        } finally {
          tf.dispose(Object.values(result.outputs));
        }
      }),
    readState: (names = stateNames) =>
      call('readState', async () => {
        checkStateNames(names, signature.state);
        checkStateWritten(names, (name) => state.has(name));
        return readTensors(Object.fromEntries(names.map((name) => [name, state.get(name)!])));
      }),
    writeState: (tensors) =>
      call('writeState', async () => {
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
      void gate.close(() => {
        tf.dispose([...state.values()]);
        state.clear();
      });
      onDispose();
    },
  };
}
