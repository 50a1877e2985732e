import { readNumber } from './check-thrift.ts';

/**
 * Checks run lengths before they are decoded: runs of repeated or of packed values of `width` bits, `count` values in all. A
 * last packed run may be filled up to a multiple of 8.
 *
 * @returns of values of one bit: how many are 1.
 * @throws Error when the runs hold more or fewer values, or leave their bytes.
 */
export function checkRuns(bytes: Uint8Array, width: number, count: number): number {
  if (width > 32) throw new Error('a page has values of too many bits');
  const view = viewOf(bytes);
  let [place, left, ones] = [0, count, 0];
  while (left > 0) {
    const { value: head, end } = readNumber(view, place);
    const packed = head % 2 === 1;
    const length = Math.floor(head / 2) * (packed ? 8 : 1);
    const size = packed ? (length / 8) * width : Math.ceil(width / 8);
    if (length === 0 || length > left + (packed ? 7 : 0) || end + size > bytes.length) {
      throw new Error('the run lengths of a page are wrong');
    }
    if (width === 1) ones += packed ? onesIn(bytes, end, Math.min(length, left)) : bytes[end]! * length;
    place = end + size;
    left -= length;
  }
  return ones;
}

function onesIn(bytes: Uint8Array, start: number, count: number): number {
  let ones = 0;
  for (let i = 0; i < count; i++) ones += (bytes[start + (i >> 3)]! >> (i & 7)) & 1;
  return ones;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
