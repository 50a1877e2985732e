import { create } from '@bufbuild/protobuf';
import { PatchBertError } from '@patchbert/errors';
import type { HostTensor } from '@patchbert/ops';
import type { Constant, Value, ValueSpec, ValueType } from '@patchbert/tracer';
import {
  type AttributeProto,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from '../proto/onnx_pb.ts';

/** ONNX' numbers for element types. */
export const onnxTypes: Readonly<Record<ValueType, number>> = { float32: 1, int32: 6, bool: 9 };
const ONNX_INT64 = 7;

export type OnnxAttribute = number | string | boolean | readonly number[] | { readonly float: number };

export interface OnnxOp {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  /** `com.microsoft` for ONNX Runtime's own operators; the default is ONNX' domain. */
  readonly domain?: string;
}

/** Collects the nodes and initialisers of one ONNX graph and names its values. */
export interface OnnxWriter {
  readonly nodes: NodeProto[];
  readonly initialisers: TensorProto[];
  /** The ONNX name of a value. */
  name(value: Value): string;
  /** Gives a value a name of its own, such as that of a graph input. */
  setName(value: Value, name: string): void;
  /** A name no value has. */
  freshName(): string;
  add(op: OnnxOp): void;
  /** A node with one fresh output, which is returned. */
  compute(
    type: string,
    inputs: readonly string[],
    attributes?: OnnxOp['attributes'],
    domain?: string,
  ): string;
  /** The name of a float32 scalar constant. */
  float(value: number): string;
  /** The name of a float32 constant of any shape. */
  floats(values: Float32Array, shape: readonly number[]): string;
  /**
   * The name of an int64 vector, as ONNX wants for sizes and axes: a constant, or computed where a size follows the batch
   * (negative, see `openBatch`).
   */
  int64s(values: readonly number[]): string;
  /** The shape to give a `Reshape`: a single size that follows the batch is left to ONNX. */
  newShape(shape: readonly number[]): string;
  addConstant(constant: Constant): void;
  /** A tensor under a name of its own, such as a weight. */
  addTensor(name: string, tensor: HostTensor): void;
}

/** What the names of values that nobody named begin with. */
export const GENERATED = '__';

/** Where a model with an open batch reads its size: a dimension of an input. */
export interface BatchSource {
  readonly input: string;
  readonly axis: number;
}

/** An empty writer. */
export function createOnnxWriter(batch?: BatchSource): OnnxWriter {
  const nodes: NodeProto[] = [];
  const initialisers: TensorProto[] = [];
  const names = new Map<number, string>();
  const shared = new Map<string, string>();
  let fresh = 0;

  const once = (key: string, build: (name: string) => TensorProto): string => {
    const known = shared.get(key);
    if (known !== undefined) return known;
    initialisers.push(build(key));
    shared.set(key, key);
    return key;
  };

  const computed = new Map<string, string>();
  const computeOnce = (key: string, build: () => string): string => {
    const known = computed.get(key) ?? build();
    computed.set(key, known);
    return known;
  };
  const int64Constant = (values: readonly number[]) =>
    once(`${GENERATED}i${values.join('_')}`, (name) =>
      tensor(name, [values.length], ONNX_INT64, bytesOf(BigInt64Array.from(values, BigInt))),
    );
  /** `[1]`: so many times the batch. */
  const timesBatch = (factor: number): string => {
    if (batch === undefined) {
      throw new PatchBertError(
        'onnx/no-batch',
        'lowerGraph: a size of the graph follows the batch, and no input says how large that is; give an input a batch axis.',
      );
    }
    const { input, axis } = batch;
    const size = computeOnce('1', () => writer.compute('Shape', [input], { start: axis, end: axis + 1 }));
    return factor === 1
      ? size
      : computeOnce(`${factor}`, () => writer.compute('Mul', [size, int64Constant([factor])]));
  };

  const writer: OnnxWriter = {
    nodes,
    initialisers,
    name: (value) => names.get(value.id) ?? `${GENERATED}v${value.id}`,
    setName: (value, name) => names.set(value.id, name),
    freshName: () => `${GENERATED}t${fresh++}`,
    add(op) {
      nodes.push(
        create(NodeProtoSchema, {
          opType: op.type,
          input: [...op.inputs],
          output: [...op.outputs],
          domain: op.domain ?? '',
          attribute: Object.entries(op.attributes ?? {}).map(([name, value]) => toAttribute(name, value)),
        }),
      );
    },
    compute(type, inputs, attributes = {}, domain = '') {
      const output = writer.freshName();
      writer.add({ type, inputs, outputs: [output], attributes, domain });
      return output;
    },
    float: (value) =>
      once(`${GENERATED}f${value}`, (name) =>
        tensor(name, [], onnxTypes.float32, bytesOf(Float32Array.of(value))),
      ),
    floats(values, shape) {
      const name = writer.freshName();
      initialisers.push(tensor(name, shape, onnxTypes.float32, bytesOf(values)));
      return name;
    },
    int64s(values) {
      if (values.every((value) => value >= 0)) return int64Constant(values);
      return computeOnce(values.join(), () => {
        const parts = values.map((value) => (value < 0 ? timesBatch(-value) : int64Constant([value])));
        return parts.length === 1 ? parts[0]! : writer.compute('Concat', parts, { axis: 0 });
      });
    },
    newShape(shape) {
      const open = shape.filter((size) => size < 0);
      return open.length === 1
        ? int64Constant(shape.map((size) => Math.max(size, -1)))
        : writer.int64s(shape);
    },
    addConstant(constant) {
      const { value } = constant;
      if (value.shape.some((size) => size < 0) && 'fill' in constant) {
        const scalar = writer.freshName();
        const data = filled({ shape: [], dtype: value.dtype }, constant.fill);
        initialisers.push(tensor(scalar, [], onnxTypes[value.dtype], bytesOf(data)));
        writer.add({
          type: 'Expand',
          inputs: [scalar, writer.int64s(value.shape)],
          outputs: [writer.name(value)],
        });
        return;
      }
      const data = 'fill' in constant ? filled(value, constant.fill) : constant.data;
      initialisers.push(tensor(writer.name(value), value.shape, onnxTypes[value.dtype], bytesOf(data)));
    },
    addTensor: (name, { shape, dtype, data }) => {
      initialisers.push(tensor(name, shape, onnxTypes[dtype], bytesOf(data)));
    },
  };
  return writer;
}

function filled(value: ValueSpec, fill: number): Float32Array | Int32Array | Uint8Array {
  const size = value.shape.reduce((product, length) => product * length, 1);
  if (value.dtype === 'float32') return new Float32Array(size).fill(fill);
  return value.dtype === 'int32' ? new Int32Array(size).fill(fill) : new Uint8Array(size).fill(fill);
}

/** ONNX stores little-endian; so does every platform ONNX Runtime ships for. */
function bytesOf(data: ArrayBufferView): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer);
}

function tensor(name: string, shape: readonly number[], dataType: number, rawData: Uint8Array): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: shape.map(BigInt),
    dataType,
    rawData: rawData as Uint8Array<ArrayBuffer>,
  });
}

function toAttribute(name: string, value: OnnxAttribute): AttributeProto {
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, {
      name,
      type: 3,
      s: new TextEncoder().encode(value) as Uint8Array<ArrayBuffer>,
    });
  }
  if (typeof value === 'boolean') return create(AttributeProtoSchema, { name, type: 2, i: value ? 1n : 0n });
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: 2, i: BigInt(value) });
  if ('float' in value) return create(AttributeProtoSchema, { name, type: 1, f: value.float });
  return create(AttributeProtoSchema, { name, type: 7, ints: value.map(BigInt) });
}
