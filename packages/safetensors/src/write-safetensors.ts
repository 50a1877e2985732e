import { PatchBertError, quote } from '@patchbert/errors';
import { littleEndianBytes, type NumberArray } from './little-endian.ts';
import { LARGEST_HEADER, LENGTH_BYTES, METADATA } from './read-header.ts';
import {
  bytesPerElement,
  isSafeTensorType,
  type SafeTensor,
  type SafeTensorType,
  tensorByteLength,
} from './safe-tensor.ts';
import { isWellFormed } from './well-formed.ts';

/** A tensor to write: one that was read, or a shape with a typed array, whose class decides the element type. */
export type WritableTensor = SafeTensor | { readonly shape: readonly number[]; readonly data: NumberArray };

const ALIGNMENT = 8;
const SPACE = 0x20;

/**
 * Writes a safetensors file. The same tensors and metadata give the same bytes, whatever their order: wide elements stand
 * before narrow ones, which keeps every tensor aligned, and within a width the names are sorted.
 *
 * @param tensors names with tensors, such as a `Map` or `Object.entries(hostTensors)`.
 * @param metadata free text by key.
 * @throws PatchBertError `safetensors/bad-tensor` when bytes and shape disagree, `safetensors/bad-name` for a repeated or
 * impossible name, `safetensors/bad-metadata`, `safetensors/header-too-large` when no reader would take it.
 * @example
 * const file = writeSafetensors([['weight', { shape: [2, 3], data: new Float32Array(6) }]], { step: '1000' });
 */
export function writeSafetensors(
  tensors: Iterable<readonly [string, WritableTensor]>,
  metadata: ReadonlyMap<string, string> | Readonly<Record<string, string>> = {},
): Uint8Array {
  const parts = safetensorsParts(tensors, metadata);
  const file = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const part of parts) {
    file.set(part, position);
    position += part.length;
  }
  return file;
}

/**
 * The file of `writeSafetensors` in the parts to write one after the other: the header, then the bytes of each tensor, which are views
 * of the tensors' memory. So a large file, and its hash, needs no second copy of the weights.
 *
 * @throws PatchBertError as `writeSafetensors`.
 * @example
 * for (const part of safetensorsParts(Object.entries(parameters))) await file.writeFile(part);
 */
export function safetensorsParts(
  tensors: Iterable<readonly [string, WritableTensor]>,
  metadata: ReadonlyMap<string, string> | Readonly<Record<string, string>> = {},
): readonly Uint8Array[] {
  const sorted = [...tensors]
    .map(([name, tensor]) => ({ name, ...asSafeTensor(name, tensor) }))
    .sort(byWidthThenName);
  checkNames(sorted.map(({ name }) => name));
  const fields = metadataField(metadata);
  let dataLength = 0;
  for (const { name, dtype, shape, bytes } of sorted) {
    const offsets = [dataLength, dataLength + bytes.length];
    fields.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: offsets })}`);
    dataLength += bytes.length;
  }
  return [headerPart(`{${fields.join(',')}}`), ...sorted.map(({ bytes }) => bytes)];
}

/** The length and the header, padded with spaces so that the data is aligned. */
function headerPart(text: string): Uint8Array {
  const header = new TextEncoder().encode(text);
  const length = Math.ceil(header.length / ALIGNMENT) * ALIGNMENT;
  if (length > LARGEST_HEADER) {
    throw new PatchBertError(
      'safetensors/header-too-large',
      `writeSafetensors: the header has ${length} bytes; readers take at most ${LARGEST_HEADER}. Shorten names or metadata.`,
    );
  }
  const part = new Uint8Array(LENGTH_BYTES + length).fill(SPACE);
  new DataView(part.buffer).setBigUint64(0, BigInt(length), true);
  part.set(header, LENGTH_BYTES);
  return part;
}

interface NamedTensor extends SafeTensor {
  readonly name: string;
}

function byWidthThenName(a: NamedTensor, b: NamedTensor): number {
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
