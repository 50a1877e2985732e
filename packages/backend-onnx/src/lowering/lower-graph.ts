import { create, toBinary } from '@bufbuild/protobuf';
import { type Graph, rewriteGraph, simplify, type Value } from '@patchbert/tracer';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../proto/onnx_pb.ts';
import { lowerNode } from './lower-node.ts';
import { MICROSOFT } from './lowering.ts';
import { onnxRules } from './onnx-rules.ts';
import { createOnnxWriter, onnxTypes } from './onnx-writer.ts';

/** Opset 18 is the first whose reductions take their axes as inputs; IR 8 is what it came with. */
const OPSET = 18;
const IR_VERSION = 8;

/** The ONNX name of a graph input `<group>:<name>`. */
export function inputName(name: string): string {
  return `in:${name}`;
}

/** The ONNX name of a graph output `<group>:<name>`. */
export function outputName(name: string): string {
  return `out:${name}`;
}

/**
 * Lowers a traced graph to an ONNX model file. Inputs and outputs are named by `inputName` and `outputName`.
 *
 * @throws PatchBertError `backend/unsupported-kernel` naming a kernel that has no ONNX form.
 */
export function lowerGraph(graph: Graph): Uint8Array {
  const simple = rewriteGraph(simplify(graph), onnxRules);
  const writer = createOnnxWriter();
  for (const [name, value] of simple.inputs) writer.setName(value, inputName(name));
  const copies = nameOutputs(simple, writer.setName);
  for (const constant of simple.constants) writer.addConstant(constant);
  for (const node of simple.nodes) lowerNode(node, writer);
  for (const [name, value] of copies) {
    writer.add({ type: 'Identity', inputs: [writer.name(value)], outputs: [outputName(name)] });
  }
  const model = create(ModelProtoSchema, {
    irVersion: BigInt(IR_VERSION),
    producerName: 'patchbert',
    opsetImport: [
      { domain: '', version: BigInt(OPSET) },
      { domain: MICROSOFT, version: 1n },
    ],
    graph: create(GraphProtoSchema, {
      name: 'step',
      node: writer.nodes,
      initializer: writer.initialisers,
      input: [...simple.inputs].map(([name, value]) => valueInfo(inputName(name), value)),
      output: [...simple.outputs].map(([name, value]) => valueInfo(outputName(name), value)),
    }),
  });
  return toBinary(ModelProtoSchema, model);
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

function valueInfo(name: string, value: Value): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      tensorType: {
        elemType: onnxTypes[value.dtype],
        shape: {
          dim: value.shape.map((size) => ({ value: { case: 'dimValue' as const, value: BigInt(size) } })),
        },
      },
    },
  });
}
