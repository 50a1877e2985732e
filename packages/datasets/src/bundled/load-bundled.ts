import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Frame, readCsvStream } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { beijingAirQuality } from '../registry/beijing.ts';
import { bundledPath } from './bundled-path.ts';

/**
 * The data set that comes with this package: hourly PM2.5 and weather in Beijing, 2010-2014, 43,824 rows of
 * seven channels (`pm2.5`, `DEWP`, `TEMP`, `PRES`, `Iws`, `Is`, `Ir`), real gaps as NaN; CC BY 4.0,
 * Chen (2015), https://doi.org/10.24432/C5JS49. Times are local and counted as UTC.
 *
 * @throws PatchBertError `datasets/damaged-package` when the installed file is missing or damaged.
 * @example
 * const frame = await loadBundled();
 */
export async function loadBundled(): Promise<Frame> {
  const [file] = beijingAirQuality.files;
  const chunkSize = 256 * 1024;
  try {
    return await pipeline(
      createReadStream(bundledPath(file!.name), { highWaterMark: chunkSize }),
      createGunzip({ chunkSize }),
      (chunks) => readCsvStream(chunks, beijingAirQuality.name),
    );
  } catch (error) {
    throw new PatchBertError(
      'datasets/damaged-package',
      `loadBundled: the file "${file!.name}" of @patchbert/datasets cannot be read; install the package again.`,
      { cause: error },
    );
  }
}
