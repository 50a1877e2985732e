import type { FileHandle } from 'node:fs/promises';
import { PatchBertError } from '@patchbert/errors';

/** One file of a zip archive. */
export interface ArchiveEntry {
  readonly name: string;
  readonly size: number;
  readonly compressedSize: number;
  readonly crc: number;
  readonly isDeflated: boolean;
  /** Permission bits, 0 where the archive has none. */
  readonly mode: number;
  /** Where its local header begins. */
  readonly offset: number;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_SIZE = 22;
const LONGEST_COMMENT = 0xffff;

/**
 * The files of a zip archive, from its central directory (APPNOTE.TXT 6.3.10, sections 4.3.12 and 4.3.16).
 *
 * @throws PatchBertError `node-gpu/bad-archive` when it is no zip archive, broken off, or of the 64-bit kind.
 */
export async function archiveEntries(file: FileHandle, path: string): Promise<readonly ArchiveEntry[]> {
  const { size } = await file.stat();
  const tail = await readAt(
    file,
    Math.max(0, size - END_SIZE - LONGEST_COMMENT),
    Math.min(size, END_SIZE + LONGEST_COMMENT),
  );
  const end = lastEnd(tail);
  if (end === undefined) throw badArchive(path, 'it is no zip archive, or its end is missing');
  const count = tail.readUInt16LE(end + 10);
  const length = tail.readUInt32LE(end + 12);
  const start = tail.readUInt32LE(end + 16);
  if (count === 0xffff || start === 0xffffffff) throw badArchive(path, 'it is a 64-bit zip archive');
  const directory = await readAt(file, start, length);
  const entries: ArchiveEntry[] = [];
  for (let at = 0; entries.length < count; ) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== DIRECTORY_ENTRY) {
      throw badArchive(path, `its directory ends after ${entries.length} of ${count} files`);
    }
    const lengths = [28, 30, 32].map((field) => directory.readUInt16LE(at + field)) as [
      number,
      number,
      number,
    ];
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + lengths[0]),
      isDeflated: directory.readUInt16LE(at + 10) === 8,
      crc: directory.readUInt32LE(at + 16),
      compressedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      mode: (directory.readUInt32LE(at + 38) >>> 16) & 0o777,
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + lengths[0] + lengths[1] + lengths[2];
  }
  return entries;
}

/** `length` bytes from `start`, fewer where the file ends. */
export async function readAt(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
  return buffer.subarray(0, bytesRead);
}

/** The error for an archive that cannot be used. */
export function badArchive(path: string, problem: string): PatchBertError {
  return new PatchBertError(
    'node-gpu/bad-archive',
    `"${path}" cannot be unpacked: ${problem}; download it again.`,
  );
}

function lastEnd(tail: Buffer): number | undefined {
  for (let at = tail.length - END_SIZE; at >= 0; at--) {
    if (tail.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  return undefined;
}
