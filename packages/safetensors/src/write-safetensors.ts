import { PatchBertError } from '@patchbert/errors';
import { littleEndianBytes, type NumberArray } from './little-endian.ts';
import { quote } from './quote.ts';
import {
  bytesPerElement,
  isSafeTensorType,
  LARGEST_HEADER,
  type SafeTensor,
  type SafeTensorType,
  tensorByteLength,
} from './safe-tensor.ts';
import { isWellFormed } from './well-formed.ts';

/** A tensor to write: one that was read, or a shape with a typed array, whose class decides the element type. */
export type WritableTensor = SafeTensor | { readonly shape: readonly number[]; readonly data: NumberArray };

const METADATA = '__metadata__';
const LENGTH_BYTES = 8;
const ALIGNMENT = 8;
const SPACE = 0x20;

/**
 * Writes a safetensors file. The same tensors and metadata give the same bytes, whatever their order: wide elements stand
 * before narrow ones, which keeps every tensor aligned, and within a width the names are sorted.
 *
 * @param tensors names with tensors, such as a `Map` or `Object.entries(hostTensors)`.
 * @param metadata free text by key.
 * @throws PatchBertError `safetensors/bad-tensor` when bytes and shape disagree, `safetensors/bad-name` for a repeated or
 * impossible name.
 * @example
 * const file = writeSafetensors([['weight', { shape: [2, 3], data: new Float32Array(6) }]], { step: '1000' });
 */
export function writeSafetensors(
  tensors: Iterable<readonly [string, WritableTensor]>,
  metadata: ReadonlyMap<string, string> | Readonly<Record<string, string>> = {},
): Uint8Array {
  const byName = new Map<string, SafeTensor>();
  const specs: [string, TensorPlan][] = [];
  for (const [name, tensor] of tensors) {
    const safe = asSafeTensor(name, tensor);
    byName.set(name, safe);
    specs.push([name, safe]);
  }
  const { bytes, names, dataLength } = safetensorsHeader(specs, metadata);
  const file = new Uint8Array(bytes.length + dataLength);
  file.set(bytes);
  let position = bytes.length;
  for (const name of names) {
    const tensor = byName.get(name)!;
    file.set(tensor.bytes, position);
    position += tensor.bytes.length;
  }
  return file;
}

/** What the header says of a tensor. */
export type TensorPlan = Pick<SafeTensor, 'dtype' | 'shape'>;

/** The beginning of a file, and what is to follow it. */
export interface SafetensorsHeader {
  /** Everything before the first tensor. */
  readonly bytes: Uint8Array;
  /** The order in which the bytes of the tensors follow, without gaps: wide elements first, then by name. */
  readonly names: readonly string[];
  /** Bytes of all tensors together. */
  readonly dataLength: number;
}

/**
 * The header alone, for a file whose tensors are written as they are made: shapes are enough. Followed by the little-endian bytes
 * of each tensor in the order of `names`, it is the file that `writeSafetensors` gives.
 *
 * @throws PatchBertError `safetensors/bad-tensor`, `safetensors/bad-name`, `safetensors/bad-metadata`,
 * `safetensors/header-too-large`.
 * @example
 * const { bytes, names } = safetensorsHeader([['vectors', { dtype: 'F32', shape: [1000, 64] }]], { format: 'vectors' });
 */
export function safetensorsHeader(
  tensors: Iterable<readonly [string, TensorPlan]>,
  metadata: ReadonlyMap<string, string> | Readonly<Record<string, string>> = {},
): SafetensorsHeader {
  const sorted = [...tensors].map(([name, plan]) => planned(name, plan)).sort(byWidthThenName);
  const names = sorted.map(({ name }) => name);
  checkNames(names);
  const fields = metadataField(metadata);
  let dataLength = 0;
  for (const { name, dtype, shape, length } of sorted) {
    const offsets = [dataLength, dataLength + length];
    fields.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: offsets })}`);
    dataLength += length;
  }
  const header = new TextEncoder().encode(`{${fields.join(',')}}`);
  const headerLength = Math.ceil(header.length / ALIGNMENT) * ALIGNMENT;
  if (headerLength > LARGEST_HEADER) {
    throw new PatchBertError(
      'safetensors/header-too-large',
      `safetensorsHeader: names, shapes and metadata take ${headerLength} bytes, more than the ${LARGEST_HEADER} that readers take. Write fewer tensors or less metadata.`,
    );
  }
  const bytes = new Uint8Array(LENGTH_BYTES + headerLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(SPACE, LENGTH_BYTES);
  bytes.set(header, LENGTH_BYTES);
  return { bytes, names, dataLength };
}

interface PlannedTensor extends TensorPlan {
  readonly name: string;
  readonly length: number;
}

function planned(name: string, { dtype, shape }: TensorPlan): PlannedTensor {
  const length = isSafeTensorType(dtype) ? tensorByteLength(dtype, shape) : undefined;
  if (length !== undefined) return { name, dtype, shape, length };
  throw new PatchBertError(
    'safetensors/bad-tensor',
    `safetensorsHeader: tensor ${quote(name)} of type ${dtype} and shape [${shape.join(', ')}] cannot be written; expected a known type and sizes >= 0. Correct its type or shape.`,
  );
}

function byWidthThenName(a: PlannedTensor, b: PlannedTensor): number {
  return bytesPerElement(b.dtype) - bytesPerElement(a.dtype) || (a.name < b.name ? -1 : 1);
}

function asSafeTensor(name: string, tensor: WritableTensor): SafeTensor {
  const { shape } = tensor;
  const dtype = 'data' in tensor ? typeOf(tensor.data) : tensor.dtype;
  const bytes = 'data' in tensor ? littleEndianBytes(tensor.data) : tensor.bytes;
  const expected = isSafeTensorType(dtype) ? tensorByteLength(dtype, shape) : undefined;
  if (expected !== bytes.length) {
    throw new PatchBertError(
      'safetensors/bad-tensor',
      `writeSafetensors: tensor ${quote(name)} of type ${dtype} and shape [${shape.join(', ')}] has ${bytes.length} bytes, ` +
        `expected ${expected ?? 'a known type and sizes >= 0'}. Correct its shape or its values.`,
    );
  }
  return { dtype, shape, bytes };
}

function typeOf(data: NumberArray): SafeTensorType {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Int32Array) return 'I32';
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof BigInt64Array) return 'I64';
  if (data instanceof BigUint64Array) return 'U64';
  if (data instanceof Uint32Array) return 'U32';
  if (data instanceof Int16Array) return 'I16';
  if (data instanceof Uint16Array) return 'U16';
  return data instanceof Int8Array ? 'I8' : 'U8';
}

function checkNames(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name) || name === METADATA || !isWellFormed(name)) {
      throw new PatchBertError(
        'safetensors/bad-name',
        `writeSafetensors: a tensor cannot be named ${quote(name)}; names must be unique, well-formed text and not ` +
          `"${METADATA}". Choose another name.`,
      );
    }
    seen.add(name);
  }
}

function metadataField(metadata: ReadonlyMap<string, string> | Readonly<Record<string, string>>): string[] {
  const entries: [string, string][] = metadata instanceof Map ? [...metadata] : Object.entries(metadata);
  if (entries.length === 0) return [];
  const fields = entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, text]) => {
      if (typeof text === 'string' && isWellFormed(key) && isWellFormed(text)) {
        return `${JSON.stringify(key)}:${JSON.stringify(text)}`;
      }
      throw new PatchBertError(
        'safetensors/bad-metadata',
        `writeSafetensors: metadata ${quote(key)} is not well-formed text. Write numbers and lists as text.`,
      );
    });
  return [`"${METADATA}":{${fields.join(',')}}`];
}
