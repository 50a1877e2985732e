import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { type ArchiveEntry, badArchive, readAt } from './archive-entries.ts';

const LOCAL_HEADER_SIZE = 30;

/**
 * Unpacks one file of a zip archive to `target`, streaming, and checks its size and checksum.
 *
 * @throws PatchBertError `node-gpu/bad-archive` when they are not those that the archive states.
 */
export async function unpackEntry(
  archive: { readonly file: FileHandle; readonly path: string },
  entry: ArchiveEntry,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const { file, path } = archive;
  const header = await readAt(file, entry.offset, LOCAL_HEADER_SIZE);
  if (header.length < LOCAL_HEADER_SIZE) throw badArchive(path, `it ends before ${entry.name}`);
  const start = entry.offset + LOCAL_HEADER_SIZE + header.readUInt16LE(26) + header.readUInt16LE(28);
  await mkdir(dirname(target), { recursive: true });
  const mode = (entry.mode & 0o111) === 0 ? 0o644 : 0o755;
  let [size, crc] = [0, 0];
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      crc = crc32(chunk, crc);
      done(null, chunk);
    },
  });
  const packed =
    entry.compressedSize === 0
      ? new PassThrough().end()
      : createReadStream(path, { start, end: start + entry.compressedSize - 1 });
  try {
    await pipeline(
      packed,
      entry.isDeflated ? createInflateRaw() : new PassThrough(),
      measure,
      createWriteStream(target, { mode }),
      { signal },
    );
  } catch (error) {
    signal.throwIfAborted();
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    throw badArchive(path, `${entry.name} is damaged`);
  }
  if (size !== entry.size || crc !== entry.crc) throw badArchive(path, `${entry.name} is damaged`);
}
