import { viewOf } from './check-runs.ts';

const FRAME = 0xfd2fb528;
const SKIPPED_FRAME = 0x184d2a50;

/** A block unpacks to at most 128 KiB; writers fill their blocks, but for the last ones. */
const BLOCKS = 64;
const SMALLEST_BLOCK = 1024;

/**
 * Checks what a page packed with Zstandard (RFC 8878) says of its size, and that the work to unpack it is in proportion: the
 * library follows every block, of which 4 bytes may stand for 128 KiB.
 *
 * @param length what it should unpack to.
 * @throws Error for another size, or far more blocks than that takes.
 */
export function checkZstd(bytes: Uint8Array, length: number): void {
  const view = viewOf(bytes);
  let [place, blocks, plain] = [0, 0, 0];
  while (place < bytes.length) {
    const magic = view.getUint32(place, true);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPED_FRAME) {
      place += 8 + view.getUint32(place + 4, true);
      continue;
    }
    if (magic !== FRAME) throw new Error('a page is not packed as it says');
    const { end, size, hasChecksum } = frameHeader(view, place + 4);
    if (size !== undefined && size > length) throw new Error('a page is not as long as its header says');
    place = end;
    for (let isLast = false; !isLast; blocks++) {
      const head = view.getUint16(place, true) | (view.getUint8(place + 2) << 16);
      const [kind, blockSize] = [(head >> 1) & 3, head >> 3];
      isLast = (head & 1) === 1;
      if (kind < 2) plain += blockSize;
      place += 3 + (kind === 1 ? 1 : blockSize);
    }
    if (hasChecksum) place += 4;
  }
  if (plain > length || blocks > BLOCKS + length / SMALLEST_BLOCK) {
    throw new Error('a page is not as long as its header says');
  }
}

/** Where the blocks begin, and the size that the frame states, if it does. */
function frameHeader(view: DataView, start: number) {
  const flags = view.getUint8(start);
  const isSingle = (flags & 0x20) !== 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6]!;
  const sizeStart = start + 1 + (isSingle ? 0 : 1) + [0, 1, 2, 4][flags & 3]!;
  let size = 0;
  for (let i = sizeBytes - 1; i >= 0; i--) size = size * 256 + view.getUint8(sizeStart + i);
  return {
    end: sizeStart + sizeBytes,
    size: sizeBytes === 0 ? undefined : size + (sizeBytes === 2 ? 256 : 0),
    hasChecksum: (flags & 4) !== 0,
  };
}
