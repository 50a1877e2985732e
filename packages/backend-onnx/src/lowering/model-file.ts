import { create, toBinary } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../proto/onnx_pb.ts';
import { MICROSOFT } from './lowering.ts';
import type { OnnxWriter } from './onnx-writer.ts';

/** Opset 18 is the first whose reductions take their axes as inputs; IR 8 is what it came with. */
const OPSET = 18;
const IR_VERSION = 8;

/** An input or output of a model: ONNX' number of its type, and its shape where that is fixed. */
export interface ModelValue {
  readonly name: string;
  readonly elemType: number;
  readonly shape?: readonly number[];
}

/** The ONNX file of what was written. */
export function toModelFile(
  writer: OnnxWriter,
  inputs: readonly ModelValue[],
  outputs: readonly ModelValue[],
): Uint8Array {
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
      input: inputs.map(valueInfo),
      output: outputs.map(valueInfo),
    }),
  });
  return toBinary(ModelProtoSchema, model);
}

function valueInfo({ name, elemType, shape }: ModelValue): ValueInfoProto {
  const dim = shape?.map((size) => ({ value: { case: 'dimValue' as const, value: BigInt(size) } }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { tensorType: { elemType, ...(dim === undefined ? {} : { shape: { dim } }) } },
  });
}
