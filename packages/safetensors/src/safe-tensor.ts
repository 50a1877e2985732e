/** Element types of the safetensors format that this package reads and writes. */
export type SafeTensorType =
  | 'F64'
  | 'F32'
  | 'F16'
  | 'BF16'
  | 'I64'
  | 'I32'
  | 'I16'
  | 'I8'
  | 'U64'
  | 'U32'
  | 'U16'
  | 'U8'
  | 'BOOL';

/** One tensor: row-major, little-endian bytes; `bytes` is a view into the file, not a copy. */
export interface SafeTensor {
  readonly dtype: SafeTensorType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

const BYTES_PER_ELEMENT: ReadonlyMap<string, number> = new Map<SafeTensorType, number>([
  ['F64', 8],
  ['I64', 8],
  ['U64', 8],
  ['F32', 4],
  ['I32', 4],
  ['U32', 4],
  ['F16', 2],
  ['BF16', 2],
  ['I16', 2],
  ['U16', 2],
  ['I8', 1],
  ['U8', 1],
  ['BOOL', 1],
]);

export const SAFE_TENSOR_TYPES: readonly string[] = [...BYTES_PER_ELEMENT.keys()];

export function isSafeTensorType(name: unknown): name is SafeTensorType {
  return typeof name === 'string' && BYTES_PER_ELEMENT.has(name);
}

export function bytesPerElement(dtype: SafeTensorType): number {
  return BYTES_PER_ELEMENT.get(dtype)!;
}

/** Bytes that a tensor occupies, or `undefined` when a size is no whole number or the product exceeds 2^53. */
export function tensorByteLength(dtype: SafeTensorType, shape: readonly number[]): number | undefined {
  let elements = 1;
  for (const size of shape) {
    elements *= size;
    if (!Number.isSafeInteger(size) || size < 0 || !Number.isSafeInteger(elements)) return undefined;
  }
  const bytes = elements * bytesPerElement(dtype);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
