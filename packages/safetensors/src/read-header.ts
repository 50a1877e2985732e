import { PatchBertError, quote } from '@patchbert/errors';
import { type HeaderValue, parseHeaderJson } from './parse-header-json.ts';
import { isSafeTensorType, SAFE_TENSOR_TYPES, type SafeTensor, tensorByteLength } from './safe-tensor.ts';

/** Where a tensor lies: bytes from the beginning of the data, which follows the header. */
export interface TensorPlace extends Omit<SafeTensor, 'bytes'> {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

/** What a header says; tensors stand in the order of their bytes. */
export interface SafeTensorsHeader {
  readonly places: readonly TensorPlace[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** What stands in front of the header: its length. */
export const LENGTH_BYTES = 8;
/** Bytes of a file that are enough to find its header, or to say what it is instead. */
export const START_BYTES = 64;

export const LARGEST_HEADER = 100_000_000;
export const METADATA = '__metadata__';
const TENSOR_FIELDS = ['dtype', 'shape', 'data_offsets'];

/**
 * Where the header of a file of `size` bytes ends, from its first `START_BYTES`. The leading unsigned 64-bit length is read as a
 * BigInt: 2^63 must not turn into an inexact or negative number.
 */
export function findHeaderEnd(start: Uint8Array, size: number): number {
  if (start.length < LENGTH_BYTES) {
    throw new PatchBertError(
      'safetensors/truncated',
      `readSafetensors: the file has ${size} bytes; a safetensors file has at least 10. It is empty or cut short.`,
    );
  }
  const length = new DataView(start.buffer, start.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(LARGEST_HEADER)) {
    throw new PatchBertError(
      'safetensors/header-too-large',
      `readSafetensors: the header would have ${length} bytes; at most ${LARGEST_HEADER} are allowed.${guessFormat(start)}`,
    );
  }
  const end = LENGTH_BYTES + Number(length);
  if (end > size) {
    throw new PatchBertError(
      'safetensors/truncated',
      `readSafetensors: the header ends at byte ${end}, the file at byte ${size}. The file is cut short.${guessFormat(start, '')}`,
    );
  }
  return end;
}

/** The files most often saved under a model's name by mistake. */
function guessFormat(start: Uint8Array, otherwise = ' The file is damaged or not safetensors.'): string {
  const text = new TextDecoder().decode(start.subarray(0, START_BYTES)).trimStart().toLowerCase();
  if (text.startsWith('version https://git-lfs')) {
    return ' This is a Git LFS pointer, not the weights: fetch them with `git lfs pull`.';
  }
  if (text.startsWith('<')) return ' This looks like a web page: the download went wrong, try it again.';
  if (text.startsWith('pk\u0003\u0004')) {
    return ' This is a zip archive, as PyTorch writes its pickles: save the model as safetensors.';
  }
  return otherwise;
}

/**
 * Reads a header whose tensors must fill `dataLength` bytes of data without overlap, hole or rest.
 *
 * @throws PatchBertError as `readSafetensors`.
 */
export function readHeader(bytes: Uint8Array, dataLength: number): SafeTensorsHeader {
  const header = parseHeaderJson(decodeHeader(bytes)) as ReadonlyMap<string, HeaderValue>;
  const places: TensorPlace[] = [];
  let metadata: ReadonlyMap<string, string> = new Map();
  for (const [name, value] of header) {
    if (name === METADATA) metadata = readMetadata(value);
    else places.push(readPlace(name, value));
  }
  places.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(places, dataLength);
  return { places, metadata };
}

function decodeHeader(bytes: Uint8Array): string {
  if (bytes[0] !== '{'.charCodeAt(0)) {
    throw new PatchBertError(
      'safetensors/bad-header',
      'readSafetensors: the header does not begin with "{". The file is damaged or not safetensors.',
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new PatchBertError(
      'safetensors/bad-header',
      'readSafetensors: the header is not UTF-8. The file is damaged or not safetensors.',
      { cause },
    );
  }
}

function readMetadata(value: HeaderValue): ReadonlyMap<string, string> {
  if (!(value instanceof Map) || ![...value.values()].every((text) => typeof text === 'string')) {
    throw new PatchBertError(
      'safetensors/bad-header',
      `readSafetensors: ${METADATA} must map strings to strings. Write numbers and lists as text.`,
    );
  }
  return value as ReadonlyMap<string, string>;
}

function readPlace(name: string, value: HeaderValue): TensorPlace {
  const refuse = (code: string, what: string): never => {
    throw new PatchBertError(code, `readSafetensors: tensor ${quote(name)} ${what}. The file is damaged.`);
  };
  if (!(value instanceof Map)) return refuse('safetensors/bad-header', 'is not described by an object');
  for (const field of value.keys()) {
    if (!TENSOR_FIELDS.includes(field))
      refuse('safetensors/bad-header', `has the unknown field ${quote(field)}`);
  }
  const dtype = value.get('dtype');
  if (!isSafeTensorType(dtype)) {
    return refuse('safetensors/bad-tensor', `has no known dtype; known are ${SAFE_TENSOR_TYPES.join(', ')}`);
  }
  const shape = value.get('shape');
  if (!isNumbers(shape)) return refuse('safetensors/bad-tensor', 'has no shape, a list of whole numbers');
  const offsets = value.get('data_offsets');
  if (!isNumbers(offsets) || offsets.length !== 2) {
    return refuse('safetensors/bad-offsets', 'has no data_offsets, a list of two whole numbers');
  }
  const [begin, end] = offsets as [number, number];
  const expected = tensorByteLength(dtype, shape);
  if (expected === undefined) return refuse('safetensors/bad-tensor', 'has a shape of more than 2^53 bytes');
  if (end - begin !== expected) {
    refuse(
      'safetensors/bad-offsets',
      `needs ${expected} bytes, its offsets [${begin}, ${end}] span ${end - begin}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

function isNumbers(value: HeaderValue | undefined): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

/** Tensors in order of their offsets must follow each other from the first byte of the data to the last. */
function checkCoverage(places: readonly TensorPlace[], dataLength: number): void {
  let position = 0;
  for (const { name, begin, end } of places) {
    if (begin !== position) {
      throw new PatchBertError(
        'safetensors/bad-offsets',
        `readSafetensors: tensor ${quote(name)} begins at byte ${begin} of the data, expected ${position}: ` +
          `${begin < position ? 'tensors overlap' : 'there is a hole'}. The file is damaged.`,
      );
    }
    position = end;
  }
  if (position !== dataLength) {
    throw new PatchBertError(
      position < dataLength ? 'safetensors/bad-offsets' : 'safetensors/truncated',
      `readSafetensors: the tensors end at byte ${position} of the data, the file at byte ${dataLength}. ` +
        `The file ${position < dataLength ? 'has bytes that belong to no tensor' : 'is cut short'}.`,
    );
  }
}
