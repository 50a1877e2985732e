import { unzipSync } from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { decompressZstd, compressors as fromLibrary } from 'hyparquet-compressors';
import { checkZstd } from './check-zstd.ts';

/**
 * Unpacks the pages of Parquet files. The size that a page claims is the most that is unpacked: in some codecs a few bytes
 * stand for millions.
 */
export const compressors: Compressors = {
  ...fromLibrary,
  GZIP: (input, length) => unzipSync(input, { maxOutputLength: Math.max(1, length) }),
  ZSTD: (input, length) => {
    checkZstd(input, length);
    return decompressZstd(input, new Uint8Array(length));
  },
};
