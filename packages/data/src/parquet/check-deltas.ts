import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { viewOf } from './check-runs.ts';
import { readNumber } from './check-thrift.ts';

/** Texts that share their beginnings may be far longer than their bytes: this many characters of a page are read. */
const MOST_TEXT_BYTES = 256 * 1024 * 1024;

/** Values of a block of differences, and its parts; writers use 128 values in 4 parts. */
const LARGEST_BLOCK = 2 ** 16;
const MOST_PARTS = 2 ** 9;

/**
 * Checks `count` values that are stored as differences: the decoder makes room for as many parts as the bytes claim, and reads
 * numbers of any length.
 *
 * @throws Error when a size is beyond what writers use, or a number beyond 64 bits.
 */
export function checkDeltas(bytes: Uint8Array, count: number): void {
  const view = viewOf(bytes);
  const block = readNumber(view, 0);
  const parts = readNumber(view, block.end);
  const stated = readNumber(view, parts.end);
  const perPart = block.value / parts.value;
  const isSound = [
    block.value > 0 && block.value <= LARGEST_BLOCK,
    parts.value > 0 && parts.value <= MOST_PARTS,
    perPart % 8 === 0,
    stated.value === count,
  ].every(Boolean);
  if (!isSound) throw new Error('the differences of a page are wrong');
  let place = readNumber(view, stated.end).end;
  for (let left = count - 1; left > 0; ) {
    const widths = readNumber(view, place).end;
    place = widths + parts.value;
    for (let part = 0; part < parts.value && left > 0; part++, left -= perPart) {
      const width = view.getUint8(widths + part);
      if (width > 64) throw new Error('the differences of a page have too many bits');
      place += (perPart / 8) * width;
    }
  }
}

/** Checks the lengths of `count` texts; `shared` when each begins with a part of the one before. */
export function checkTexts(bytes: Uint8Array, count: number, shared: boolean): void {
  const reader = { view: viewOf(bytes), offset: 0 };
  const lengths = (): Int32Array => {
    checkDeltas(bytes.subarray(reader.offset), count);
    const values = new Int32Array(count);
    deltaBinaryUnpack(reader, count, values);
    return values;
  };
  const beginnings = shared ? lengths() : new Int32Array(count);
  const ends = lengths();
  let [before, total] = [0, 0];
  for (let i = 0; i < count; i++) {
    const [beginning, end] = [beginnings[i]!, ends[i]!];
    if (beginning < 0 || end < 0 || beginning > before) {
      throw new Error('the lengths of texts in a page are wrong');
    }
    before = beginning + end;
    total += before;
  }
  if (total > MOST_TEXT_BYTES) throw new Error('the texts of a page take more than 256 MiB');
}
