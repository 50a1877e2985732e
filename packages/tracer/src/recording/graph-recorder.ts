import type { Attributes, Constant, Graph, GraphNode, Value, ValueSpec } from '../graph/graph.ts';
import { sizeOf } from '../graph/shapes.ts';

/** Collects the values, constants and nodes of one trace. */
export interface GraphRecorder {
  addInput(name: string, spec: ValueSpec): Value;
  addConstant(spec: ValueSpec, data: ArrayLike<number | boolean>): Value;
  addFill(spec: ValueSpec, fill: number): Value;
  addNode(
    kernel: string,
    inputs: readonly Value[],
    attributes: Attributes,
    outputs: readonly ValueSpec[],
  ): Value[];
  finish(outputs: ReadonlyMap<string, Value>): Graph;
}

/** An empty recorder. */
export function createGraphRecorder(): GraphRecorder {
  const inputs = new Map<string, Value>();
  const constants: Constant[] = [];
  const nodes: GraphNode[] = [];
  let nextId = 0;
  const newValue = (spec: ValueSpec): Value => ({ id: nextId++, shape: [...spec.shape], dtype: spec.dtype });

  const addFill = (spec: ValueSpec, fill: number): Value => {
    const value = newValue(spec);
    constants.push({ value, fill });
    return value;
  };
  return {
    addInput(name, spec) {
      const value = newValue(spec);
      inputs.set(name, value);
      return value;
    },
    addConstant(spec, data) {
      const first = Number(data[0] ?? 0);
      if (isUniform(data, sizeOf(spec.shape))) return addFill(spec, first);
      const value = newValue(spec);
      constants.push({ value, data: copyAs(spec.dtype, data) });
      return value;
    },
    addFill,
    addNode(kernel, nodeInputs, attributes, outputs) {
      const values = outputs.map(newValue);
      nodes.push({ kernel, inputs: [...nodeInputs], attributes, outputs: values });
      return values;
    },
    finish: (outputs) => ({ inputs, constants, nodes, outputs }),
  };
}

function isUniform(data: ArrayLike<number | boolean>, size: number): boolean {
  const first = data[0];
  for (let i = 1; i < size; i++) if (!Object.is(data[i], first)) return false;
  return true;
}

function copyAs(
  dtype: ValueSpec['dtype'],
  data: ArrayLike<number | boolean>,
): Float32Array | Int32Array | Uint8Array {
  const numbers = Array.from(data, Number);
  if (dtype === 'float32') return Float32Array.from(numbers);
  return dtype === 'int32' ? Int32Array.from(numbers) : Uint8Array.from(numbers);
}
