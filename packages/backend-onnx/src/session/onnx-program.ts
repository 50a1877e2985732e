import {
  checkBatch,
  checkState,
  checkStateNames,
  checkStateWritten,
  createRunGate,
  type Program,
  type Signature,
  type Step,
  whileDeviceLives,
} from '@patchbert/backend';
import { stepNames } from '@patchbert/onnx';
import type { HostTensors } from '@patchbert/ops';
import type * as ort from 'onnxruntime-common';
import { compileStep } from './compile-step.ts';
import { toHostTensor, toOnnxTensor } from './host-tensor.ts';
import type { OnnxEngine, OnnxSession } from './onnx-engine.ts';
import { openSession } from './open-session.ts';
import { createPreallocatedState } from './preallocated-state.ts';
import type { ProgramState } from './program-state.ts';
import { createReturnedState, type Transfer } from './returned-state.ts';

const STATE = 'state:';
const OUTPUT = 'output:';

/** Traces a step, lowers it to one ONNX model, and runs that with the state fed back without copies. */
export async function createOnnxProgram(
  step: Step,
  signature: Signature,
  engine: OnnxEngine,
  transfer: Transfer,
  onDispose: (released: Promise<void>) => void,
): Promise<Program> {
  const compiled = compileStep(step, signature, engine);
  const session = await openSession(compiled, engine);
  const { Tensor } = engine.runtime;
  const stateNames = Object.keys(signature.state);
  const state =
    engine.statePlace === 'preallocated'
      ? createPreallocatedState(Tensor, signature.state, compiled.changed)
      : createReturnedState(transfer);
  const gate = createRunGate();
  // ONNX Runtime drops an input that no node reads; feeding it would be an error.
  const read = new Set(session.inputNames);

  const call = <T>(caller: string, action: () => Promise<T>): Promise<T> =>
    gate.run(caller, () =>
      whileDeviceLives(engine, caller, async () => {
        try {
          return await action();
        } catch (error) {
          engine.noteError?.(error);
          throw error;
        }
      }),
    );

  return {
    run: (batch) =>
      call('run', async () => {
        checkBatch(batch, signature.batch);
        checkStateWritten(stateNames, state.isWritten);
        const results = await session.run(feeds(Tensor, batch, state, read), fetches(session, state));
        state.adopt(withPrefix(results, STATE));
        return Object.fromEntries(
          [...withPrefix(results, OUTPUT)].map(([name, tensor]) => [name, toHostTensor(tensor)]),
        );
      }),
    readState: (names = stateNames) =>
      call('readState', async () => {
        checkStateNames(names, signature.state);
        checkStateWritten(names, state.isWritten);
        return state.read(names);
      }),
    writeState: (tensors) =>
      call('writeState', async () => {
        checkState(tensors, signature.state);
        await state.write(tensors);
      }),
    dispose() {
      const release = async (): Promise<void> => {
        state.dispose();
        await session.release();
      };
      onDispose(gate.close(release));
    },
  };
}

function feeds(
  TensorClass: ort.TensorConstructor,
  batch: HostTensors,
  state: ProgramState,
  read: ReadonlySet<string>,
): Record<string, ort.Tensor> {
  const result: Record<string, ort.Tensor> = {};
  for (const [name, tensor] of state.current) {
    const input = stepNames.input(STATE + name);
    if (read.has(input)) result[input] = tensor;
  }
  for (const [name, tensor] of Object.entries(batch)) {
    const input = stepNames.input(`batch:${name}`);
    if (read.has(input)) result[input] = toOnnxTensor(TensorClass, tensor);
  }
  return result;
}

function fetches(session: OnnxSession, state: ProgramState): Record<string, ort.Tensor | null> {
  const result: Record<string, ort.Tensor | null> = Object.fromEntries(
    session.outputNames.map((name) => [name, null]),
  );
  for (const [name, tensor] of state.next) result[stepNames.output(STATE + name)] = tensor;
  return result;
}

/** Results of one group, under the names they have in it. */
function withPrefix(
  results: ort.InferenceSession.OnnxValueMapType,
  group: string,
): ReadonlyMap<string, ort.Tensor> {
  const prefix = stepNames.output(group);
  return new Map(
    Object.entries(results)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value as ort.Tensor]),
  );
}
