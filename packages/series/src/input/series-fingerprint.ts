import { createHash } from 'node:crypto';
import type { SeriesSet } from '@patchbert/data';

/**
 * SHA-256 of the channels, values (little-endian float32, one NaN for all missing ones), labels and targets of a set, in order: what
 * a model was fitted on, whatever file it came from.
 *
 * @example
 * const same = seriesFingerprint(one) === seriesFingerprint(other);
 */
export function seriesFingerprint({ channels, series, labels, targets }: SeriesSet): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([channels, labels ?? null, targets ? Array.from(targets) : null]));
  for (const { values } of series) {
    hash.update(JSON.stringify(values[0]!.length));
    for (const column of values) {
      const view = new DataView(new ArrayBuffer(column.byteLength));
      column.forEach((value, point) => {
        view.setFloat32(point * 4, Number.isNaN(value) ? Number.NaN : value, true);
      });
      hash.update(new Uint8Array(view.buffer));
    }
  }
  return hash.digest('hex');
}
