import { PatchBertError } from '@patchbert/errors';
import { type HeaderValue, parseHeaderJson } from './parse-header-json.ts';
import { quote } from './quote.ts';
import {
  isSafeTensorType,
  LARGEST_HEADER,
  SAFE_TENSOR_TYPES,
  type SafeTensor,
  tensorByteLength,
} from './safe-tensor.ts';

/** What a safetensors file holds; tensors stand in the order of their bytes. */
export interface SafeTensorsFile {
  readonly tensors: ReadonlyMap<string, SafeTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

const LENGTH_BYTES = 8;
const METADATA = '__metadata__';
const TENSOR_FIELDS = ['dtype', 'shape', 'data_offsets'];

/**
 * Reads a safetensors file; tensors are views of `file`, nothing is copied.
 *
 * As strict as the reference reader (https://github.com/huggingface/safetensors), and stricter where that one is lenient:
 * the header must begin with `{` (trailing white space is allowed), a name may stand only once, unknown fields are errors.
 * Tensors must fill the data without overlap, hole or rest. Values are not looked at: NaN and infinity pass.
 *
 * @throws PatchBertError `safetensors/truncated`, `/header-too-large`, `/bad-header`, `/duplicate-name`, `/bad-tensor`,
 * `/bad-offsets`.
 * @example
 * const { tensors, metadata } = readSafetensors(await readFile('model.safetensors'));
 */
export function readSafetensors(file: Uint8Array): SafeTensorsFile {
  const headerEnd = findHeaderEnd(file);
  const header = parseHeaderJson(decodeHeader(file.subarray(LENGTH_BYTES, headerEnd)));
  const data = file.subarray(headerEnd);
  const entries: Entry[] = [];
  let metadata: ReadonlyMap<string, string> = new Map();
  for (const [name, value] of header as ReadonlyMap<string, HeaderValue>) {
    if (name === METADATA) metadata = readMetadata(value);
    else entries.push(readEntry(name, value));
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(entries, data.length);
  const tensors = new Map(
    entries.map(({ name, begin, end, dtype, shape }) => [
      name,
      { dtype, shape, bytes: data.subarray(begin, end) },
    ]),
  );
  return { tensors, metadata };
}

/** Reads the leading unsigned 64-bit length as a BigInt: 2^63 must not turn into an inexact or negative number. */
function findHeaderEnd(file: Uint8Array): number {
  if (file.length < LENGTH_BYTES) {
    throw new PatchBertError(
      'safetensors/truncated',
      `readSafetensors: the file has ${file.length} bytes; a safetensors file has at least 10. It is empty or cut short.`,
    );
  }
  const length = new DataView(file.buffer, file.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(LARGEST_HEADER)) {
    throw new PatchBertError(
      'safetensors/header-too-large',
      `readSafetensors: the header would have ${length} bytes; at most ${LARGEST_HEADER} are allowed.${guessFormat(file)}`,
    );
  }
  const end = LENGTH_BYTES + Number(length);
  if (end > file.length) {
    throw new PatchBertError(
      'safetensors/truncated',
      `readSafetensors: the header ends at byte ${end}, the file at byte ${file.length}. The file is cut short.`,
    );
  }
  return end;
}

/** The two files most often saved under a model's name by mistake. */
function guessFormat(file: Uint8Array): string {
  const start = new TextDecoder('latin1').decode(file.subarray(0, 64)).trimStart().toLowerCase();
  if (start.startsWith('version https://git-lfs')) {
    return ' This is a Git LFS pointer, not the weights: fetch them with `git lfs pull`.';
  }
  if (start.startsWith('<')) return ' This looks like a web page: the download went wrong, try it again.';
  return ' The file is damaged or not safetensors.';
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

interface Entry extends Omit<SafeTensor, 'bytes'> {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

function readEntry(name: string, value: HeaderValue): Entry {
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
function checkCoverage(entries: readonly Entry[], dataLength: number): void {
  let position = 0;
  for (const { name, begin, end } of entries) {
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
