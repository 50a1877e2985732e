import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { readTsStream, type SeriesSet } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { bundledPath } from './bundled-path.ts';

/** Reads a packed `.ts` file of this package; messages call it by its name without `.gz`. */
export async function readBundledSeries(file: string): Promise<SeriesSet> {
  try {
    return await pipeline(createReadStream(bundledPath(file)), createGunzip(), (chunks) =>
      readTsStream(chunks, file.replace(/\.gz$/, '')),
    );
  } catch (error) {
    throw new PatchBertError(
      'datasets/damaged-package',
      `openClassificationDataset: the file "${file}" of @patchbert/datasets cannot be read; install the package again.`,
      { cause: error },
    );
  }
}
