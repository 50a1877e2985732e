import { createHash } from 'node:crypto';
import type { Frame, Segment, Split } from '@patchbert/data';
import { sha256 } from '../files/durable-write.ts';

/**
 * SHA-256 over the channel names and every value of a frame (little-endian float32, one NaN for all missing values): what
 * a run was trained on, whatever file it came from. Of several recordings, their ids and rows too.
 */
export function frameFingerprint(frame: Frame, segments: readonly Segment[] = []): string {
  const hash = createHash('sha256').update(JSON.stringify([frame.channels, frame.length]));
  if (segments.length > 1)
    hash.update(JSON.stringify(segments.map(({ id, start, end }) => [id, start, end])));
  for (const column of frame.columns) {
    const view = new DataView(new ArrayBuffer(column.byteLength));
    for (let row = 0; row < column.length; row++) {
      const value = column[row]!;
      view.setFloat32(row * 4, Number.isNaN(value) ? Number.NaN : value, true);
    }
    hash.update(new Uint8Array(view.buffer));
  }
  return hash.digest('hex');
}

/** SHA-256 of which rows train, validate and test, one split per recording. */
export function splitFingerprint(splits: readonly Split[]): string {
  return sha256(JSON.stringify(splits));
}
