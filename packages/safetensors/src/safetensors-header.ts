import { PatchBertError, quote } from '@patchbert/errors';
import { LARGEST_HEADER, LENGTH_BYTES, METADATA } from './read-header.ts';
import { bytesPerElement, isSafeTensorType, type SafeTensor, tensorByteLength } from './safe-tensor.ts';
import { isWellFormed } from './well-formed.ts';

const ALIGNMENT = 8;
const SPACE = 0x20;

/** Free text by key. */
export type TextByKey = ReadonlyMap<string, string> | Readonly<Record<string, string>>;

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
  metadata: TextByKey = {},
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

function metadataField(metadata: TextByKey): string[] {
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
