import type { HostTensor } from '@patchbert/ops';
import { type Graph, rewriteGraph, simplify, type Value } from '@patchbert/tracer';
import { type ModelFacts, type ModelValue, toModelFile } from '../model/model-file.ts';
import { type BatchSource, createOnnxWriter, onnxTypes } from '../model/onnx-writer.ts';
import { lowerNode } from './lower-node.ts';
import { onnxRules } from './onnx-rules.ts';
import type { OperatorForms } from './operator-forms.ts';

/** How the inputs and outputs of a graph, `<group>:<name>`, appear in the model. */
export interface LoweringNames {
  readonly input: (name: string) => string;
  readonly output: (name: string) => string;
}

/** Names of a model that a backend runs: every input and output is told apart. */
export const stepNames: LoweringNames = { input: (name) => `in:${name}`, output: (name) => `out:${name}` };

export interface LoweringOptions {
  readonly forms: OperatorForms;
  /** Default `stepNames`. */
  readonly names?: LoweringNames;
  /** Inputs that are tensors of the model instead, by their names in the graph. */
  readonly constants?: ReadonlyMap<string, HostTensor>;
  readonly facts?: ModelFacts;
}

/** Simplifies a traced graph, for ONNX Runtime's operators too. */
export function prepareGraph(graph: Graph): Graph {
  return rewriteGraph(simplify(graph), onnxRules);
}

/**
 * Lowers a prepared graph to an ONNX model file.
 *
 * @throws UnloweredKernelError naming a kernel that has no ONNX form.
 * @example
 * const file = lowerGraph(prepareGraph(trace(step, specs)), { forms: standardForms });
 */
export function lowerGraph(
  graph: Graph,
  { forms, names = stepNames, constants = new Map(), facts }: LoweringOptions,
): Uint8Array {
  const inputs = [...graph.inputs].filter(([name]) => !constants.has(name));
  const writer = createOnnxWriter(batchSource(inputs, names));
  for (const [name, value] of graph.inputs) writer.setName(value, names.input(name));
  const read = valuesRead(graph);
  for (const [name, value] of graph.inputs) {
    const tensor = constants.get(name);
    if (tensor && read.has(value.id)) writer.addTensor(names.input(name), tensor);
  }
  const copies = nameOutputs(graph, names, writer.setName);
  for (const constant of graph.constants) writer.addConstant(constant);
  for (const node of graph.nodes) lowerNode(node, writer, forms);
  for (const [name, value] of copies) {
    writer.add({ type: 'Identity', inputs: [writer.name(value)], outputs: [names.output(name)] });
  }
  return toModelFile(
    writer,
    inputs.map(([name, value]) => modelValue(names.input(name), value)),
    [...graph.outputs].map(([name, value]) => modelValue(names.output(name), value)),
    facts,
  );
}

/** Names each computed output after itself; returns the outputs that need a copy (an input, a constant, a second name). */
function nameOutputs(
  graph: Graph,
  names: LoweringNames,
  setName: (value: Value, name: string) => void,
): [string, Value][] {
  const computed = new Set(graph.nodes.flatMap((node) => node.outputs.map((output) => output.id)));
  const copies: [string, Value][] = [];
  for (const [name, value] of graph.outputs) {
    if (computed.delete(value.id)) setName(value, names.output(name));
    else copies.push([name, value]);
  }
  return copies;
}

/** Ids of the values that a node or an output reads. */
function valuesRead({ nodes, outputs }: Graph): ReadonlySet<number> {
  return new Set([...nodes.flatMap(({ inputs }) => inputs), ...outputs.values()].map(({ id }) => id));
}

/** The first axis of an input that is as long as the batch. */
function batchSource(
  inputs: readonly (readonly [string, Value])[],
  names: LoweringNames,
): BatchSource | undefined {
  for (const [name, { shape }] of inputs) {
    const axis = shape.indexOf(-1);
    if (axis >= 0) return { input: names.input(name), axis };
  }
  return undefined;
}

function modelValue(name: string, { dtype, shape }: Value): ModelValue {
  return { name, elemType: onnxTypes[dtype], shape };
}
