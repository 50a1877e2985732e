import type { ColumnMetaData } from 'hyparquet';
import { checkDeltas, checkTexts } from './check-deltas.ts';
import { checkRuns, viewOf } from './check-runs.ts';
import { compressors } from './compressors.ts';

/** Of the format: how the values of a page are written. */
const [PLAIN, DICTIONARY, RUNS, DELTAS, TEXT_LENGTHS, SHARED_TEXTS, NEW_DICTIONARY, SPLIT] = [
  0, 2, 3, 5, 6, 7, 8, 9,
] as const;

/** Values, one after the other or byte by byte: the decoder cannot read more than there are. */
const FIXED: readonly number[] = [PLAIN, SPLIT];

/** What the page header says, and what the schema says of the column. */
export interface PageFacts {
  /** 1 or 2: in a page of the second version levels stand before the packed bytes. */
  readonly version: 1 | 2;
  readonly count: number;
  /** Of the second version. */
  readonly nulls: number;
  readonly levelBytes: number;
  readonly isPacked: boolean;
  readonly encoding: number;
  readonly unpacked: number;
  /** Whether values may be missing, so that there are levels. */
  readonly optional: boolean;
  readonly chunk: Pick<ColumnMetaData, 'codec' | 'type'>;
}

/**
 * Checks what a data page says of itself inside: run lengths, counts and lengths that the decoder would follow without end.
 *
 * @throws Error for a page that does not hold what its header says.
 */
export function checkPage(page: Uint8Array, facts: PageFacts): void {
  const { version, count, nulls, encoding, optional, levelBytes, chunk } = facts;
  if (version === 2) {
    if (optional && checkRuns(page.subarray(0, levelBytes), 1, count) !== count - nulls) {
      throw new Error('a page has not as many nulls as its header says');
    }
    if (!optional && nulls > 0) throw new Error('a column that needs all its values has nulls');
    if (FIXED.includes(encoding)) return;
    checkValues(unpack(page.subarray(levelBytes), facts), encoding, count - nulls, chunk.type);
    return;
  }
  if (FIXED.includes(encoding) && !optional) return;
  const bytes = unpack(page, facts);
  const levels = optional ? 4 + viewOf(bytes).getUint32(0, true) : 0;
  const present = optional ? checkRuns(bytes.subarray(4, levels), 1, count) : count;
  checkValues(bytes.subarray(levels), encoding, present, chunk.type);
}

function checkValues(bytes: Uint8Array, encoding: number, count: number, type: string): void {
  switch (encoding) {
    case PLAIN:
    case SPLIT:
      return;
    case DICTIONARY:
    case NEW_DICTIONARY:
      if (type === 'BOOLEAN') throw new Error('a column of flags has a dictionary');
      if (count > 0) checkRuns(bytes.subarray(1), viewOf(bytes).getUint8(0), count);
      return;
    case RUNS:
      if (type !== 'BOOLEAN') throw new Error('a column that holds no flags has runs of them');
      if (count > 0) checkRuns(bytes.subarray(4), 1, count);
      return;
    case DELTAS:
      if (count > 0) checkDeltas(bytes, count);
      return;
    case TEXT_LENGTHS:
    case SHARED_TEXTS:
      if (count > 0) checkTexts(bytes, count, encoding === SHARED_TEXTS);
      return;
    default:
      throw new Error(`a page has the unknown encoding ${encoding}`);
  }
}

function unpack(
  bytes: Uint8Array,
  { version, unpacked, levelBytes, isPacked, chunk }: PageFacts,
): Uint8Array {
  const length = version === 2 ? unpacked - levelBytes : unpacked;
  if (chunk.codec === 'UNCOMPRESSED' || !isPacked) return bytes;
  const unpackPage = compressors[chunk.codec];
  if (unpackPage === undefined) throw new Error(`its compression ${chunk.codec} is not known`);
  const result = unpackPage(bytes, length);
  if (result.length !== length) throw new Error('a page is not as long as its header says');
  return result;
}
