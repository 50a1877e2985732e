import { type Graph, rewriteGraph, simplify, type Value } from '@patchbert/tracer';
import { lowerNode } from './lower-node.ts';
import { type ModelValue, toModelFile } from './model-file.ts';
import { onnxRules } from './onnx-rules.ts';
import { createOnnxWriter, onnxTypes } from './onnx-writer.ts';
import type { OperatorForms } from './operator-forms.ts';

/** The ONNX name of a graph input `<group>:<name>`. */
export function inputName(name: string): string {
  return `in:${name}`;
}

/** The ONNX name of a graph output `<group>:<name>`. */
export function outputName(name: string): string {
  return `out:${name}`;
}

/** Simplifies a traced graph, for ONNX Runtime's operators too. */
export function prepareGraph(graph: Graph): Graph {
  return rewriteGraph(simplify(graph), onnxRules);
}

/**
 * Lowers a prepared graph to an ONNX model file. Inputs and outputs are named by `inputName` and `outputName`.
 *
 * @throws UnloweredKernelError naming a kernel that has no ONNX form.
 */
export function lowerGraph(graph: Graph, forms: OperatorForms): Uint8Array {
  const writer = createOnnxWriter();
  for (const [name, value] of graph.inputs) writer.setName(value, inputName(name));
  const copies = nameOutputs(graph, writer.setName);
  for (const constant of graph.constants) writer.addConstant(constant);
  for (const node of graph.nodes) lowerNode(node, writer, forms);
  for (const [name, value] of copies) {
    writer.add({ type: 'Identity', inputs: [writer.name(value)], outputs: [outputName(name)] });
  }
  return toModelFile(
    writer,
    [...graph.inputs].map(([name, value]) => modelValue(inputName(name), value)),
    [...graph.outputs].map(([name, value]) => modelValue(outputName(name), value)),
  );
}

/** Names each computed output after itself; returns the outputs that need a copy (an input, a constant, a second name). */
function nameOutputs(graph: Graph, setName: (value: Value, name: string) => void): [string, Value][] {
  const computed = new Set(graph.nodes.flatMap((node) => node.outputs.map((output) => output.id)));
  const copies: [string, Value][] = [];
  for (const [name, value] of graph.outputs) {
    if (computed.delete(value.id)) setName(value, outputName(name));
    else copies.push([name, value]);
  }
  return copies;
}

function modelValue(name: string, { dtype, shape }: Value): ModelValue {
  return { name, elemType: onnxTypes[dtype], shape };
}
