import { create, toBinary } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../proto/onnx_pb.ts';
import type { OnnxWriter } from './onnx-writer.ts';

/** Opset 18 is the first whose reductions take their axes as inputs; IR 8 is what it came with. */
const OPSET = 18;
const IR_VERSION = 8;

/** ONNX Runtime's own operators live in this domain. */
export const MICROSOFT = 'com.microsoft';

/** An input or output of a model: ONNX' number of its type, and its shape where that is known; see `openBatch` of sizes below 0. */
export interface ModelValue {
  readonly name: string;
  readonly elemType: number;
  readonly shape?: readonly number[];
}

/** What else a model file says. */
export interface ModelFacts {
  /** Name of the graph. */
  readonly name: string;
  /** Text for whoever opens the model, by key; ONNX calls it metadata. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The ONNX file of what was written. */
export function toModelFile(
  writer: OnnxWriter,
  inputs: readonly ModelValue[],
  outputs: readonly ModelValue[],
  { name, metadata }: ModelFacts = { name: 'step', metadata: {} },
): Uint8Array {
  const model = create(ModelProtoSchema, {
    irVersion: BigInt(IR_VERSION),
    producerName: 'patchbert',
    opsetImport: [
      { domain: '', version: BigInt(OPSET) },
      ...(writer.nodes.some(({ domain }) => domain === MICROSOFT)
        ? [{ domain: MICROSOFT, version: 1n }]
        : []),
    ],
    metadataProps: Object.entries(metadata).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    ),
    graph: create(GraphProtoSchema, {
      name,
      node: writer.nodes,
      initializer: writer.initialisers,
      input: inputs.map(valueInfo),
      output: outputs.map(valueInfo),
    }),
  });
  return toBinary(ModelProtoSchema, model);
}

function valueInfo({ name, elemType, shape }: ModelValue): ValueInfoProto {
  const dim = shape?.map((size) => ({ value: dimension(size) }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { tensorType: { elemType, ...(dim === undefined ? {} : { shape: { dim } }) } },
  });
}

function dimension(size: number) {
  const known = sizeText(size);
  return typeof known === 'number'
    ? { case: 'dimValue' as const, value: BigInt(known) }
    : { case: 'dimParam' as const, value: known };
}

/** A size as users read it: `batch` for one that follows the batch. */
export function sizeText(size: number): number | string {
  if (size >= 0) return size;
  return size === -1 ? 'batch' : `${-size}*batch`;
}
