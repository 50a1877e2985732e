import { PatchBertError, quote } from '@patchbert/errors';
import type { ByteSource } from './byte-source.ts';
import { findHeaderEnd, LENGTH_BYTES, readHeader, START_BYTES, type TensorPlace } from './read-header.ts';
import type { SafeTensor } from './safe-tensor.ts';

/** A tensor that lies in a source and was not read yet. */
export interface UnreadTensor extends Omit<SafeTensor, 'bytes'> {
  /** Bytes that reading it takes. */
  readonly byteLength: number;
}

/** A safetensors file whose header was read; tensors stand in the order of their bytes. */
export interface OpenedSafetensors {
  readonly tensors: ReadonlyMap<string, UnreadTensor>;
  readonly metadata: ReadonlyMap<string, string>;
  /**
   * Reads one tensor; its bytes are a copy of its own.
   *
   * @throws PatchBertError `safetensors/no-such-tensor`, `safetensors/truncated` when the source has become shorter,
   * `safetensors/not-readable` when it fails.
   */
  read(name: string): Promise<SafeTensor>;
}

/**
 * Opens a safetensors file without reading it whole: the header is read and checked, exactly as by `readSafetensors`, and each tensor
 * when it is asked for. Memory holds the header, at most 100 MB, and what `read` returned.
 *
 * @throws PatchBertError as `readSafetensors`; `safetensors/not-readable` when the source fails.
 * @example
 * const { tensors, read } = await openSafetensors(blobSource(file));
 * for (const name of tensors.keys()) use(name, toFloat32(await read(name)));
 */
export async function openSafetensors(source: ByteSource): Promise<OpenedSafetensors> {
  const { size } = source;
  const headerEnd = findHeaderEnd(await readExactly(source, 0, Math.min(START_BYTES, size)), size);
  const header = await readExactly(source, LENGTH_BYTES, headerEnd);
  const { places, metadata } = readHeader(header, size - headerEnd);
  const byName = new Map(places.map((place) => [place.name, place]));
  return {
    tensors: new Map(places.map((place) => [place.name, unread(place)])),
    metadata,
    async read(name) {
      const place = byName.get(name);
      if (place === undefined) {
        throw new PatchBertError(
          'safetensors/no-such-tensor',
          `openSafetensors: the file has no tensor ${quote(name)}. Read one that \`tensors\` names.`,
        );
      }
      const { dtype, shape, begin, end } = place;
      return { dtype, shape, bytes: await readExactly(source, headerEnd + begin, headerEnd + end) };
    },
  };
}

function unread({ dtype, shape, begin, end }: TensorPlace): UnreadTensor {
  return { dtype, shape, byteLength: end - begin };
}

async function readExactly(source: ByteSource, begin: number, end: number): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await source.read(begin, end);
  } catch (cause) {
    throw new PatchBertError(
      'safetensors/not-readable',
      `openSafetensors: bytes ${begin} to ${end} cannot be read: ${cause instanceof Error ? cause.message : cause}. ` +
        'Open the file again, or make room in memory.',
      { cause },
    );
  }
  if (bytes.length === end - begin) return bytes;
  throw new PatchBertError(
    'safetensors/truncated',
    `openSafetensors: bytes ${begin} to ${end} were asked for and ${bytes.length} came. The file has changed while it was read.`,
  );
}
