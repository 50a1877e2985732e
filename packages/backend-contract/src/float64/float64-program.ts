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
import type { HostTensor, HostTensors, TensorSpec } from '@patchbert/ops';
import { type Graph, trace, type ValueSpec } from '@patchbert/tracer';
import { type Numbers, tabulate } from './numbers.ts';
import { prepareGraph } from './prepare-graph.ts';

/** Traces a step and evaluates it in double precision. The state stays in double precision between runs. */
export function createFloat64Program(step: Step, signature: Signature, onDispose: () => void): Program {
  const graph = traceStep(step, signature);
  const evaluate = prepareGraph(graph);
  const stateNames = Object.keys(signature.state);
  const state = new Map<string, Numbers>();
  const gate = createRunGate();

  return {
    run: (batch) =>
      gate.run('run', async () => {
        checkBatch(batch, signature.batch);
        checkStateWritten(stateNames, (name) => state.has(name));
        const results = evaluate(
          new Map([...named('state', state), ...named('batch', numbersByName(batch))]),
        );
        const outputs: [string, HostTensor][] = [];
        for (const [key, spec] of graph.outputs) {
          const [group, name] = splitName(key);
          if (group === 'state') state.set(name, results.get(key)!);
          else outputs.push([name, hostTensor(spec, results.get(key)!)]);
        }
        return Object.fromEntries(outputs);
      }),
    readState: (names = stateNames) =>
      gate.run('readState', async () => {
        checkStateNames(names, signature.state);
        checkStateWritten(names, (name) => state.has(name));
        return Object.fromEntries(
          names.map((name) => [name, hostTensor(signature.state[name]!, state.get(name)!)]),
        );
      }),
    writeState: (tensors) =>
      gate.run('writeState', async () => {
        checkState(tensors, signature.state);
        for (const [name, numbers] of numbersByName(tensors)) state.set(name, numbers);
      }),
    dispose() {
      void gate.close(() => state.clear());
      onDispose();
    },
  };
}

function traceStep(step: Step, signature: Signature): Graph {
  return trace(
    ({ state, batch }) => {
      const result = step(state!, batch!);
      checkStepResult(result, signature);
      return { state: result.state, output: result.outputs };
    },
    { state: signature.state, batch: signature.batch },
  );
}

function* numbersByName(tensors: HostTensors): Iterable<readonly [string, Numbers]> {
  for (const [name, tensor] of Object.entries(tensors)) {
    yield [name, tabulate(tensor, (i) => tensor.data[i]!)];
  }
}

/** Entries under the names of the trace, `<group>:<name>`. */
function named(
  group: string,
  entries: Iterable<readonly [string, Numbers]>,
): readonly (readonly [string, Numbers])[] {
  return [...entries].map(([name, numbers]) => [`${group}:${name}`, numbers]);
}

function splitName(key: string): readonly [string, string] {
  const colon = key.indexOf(':');
  return [key.slice(0, colon), key.slice(colon + 1)];
}

function hostTensor({ shape, dtype }: ValueSpec | TensorSpec, numbers: Numbers): HostTensor {
  return dtype === 'int32'
    ? { dtype, shape, data: Int32Array.from(numbers) }
    : { dtype: 'float32', shape, data: Float32Array.from(numbers) };
}
