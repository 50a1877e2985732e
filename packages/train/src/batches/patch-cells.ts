import type { SeriesSample } from '@patchbert/data';
import type { BatchPlan } from './batch-plan.ts';

/**
 * Which values of the data lie in the marked patches of one series of a batch: what a leak audit changes.
 *
 * @param marked `[patches]`, 1 = marked, such as the mask of the series.
 * @returns per channel and row 1 = in a marked patch; points that pad a patch are no rows.
 * @example
 * const { masks } = assemblePretrainBatch(plan, { samples: [sample], purpose: 'training' });
 * const hidden = patchCells(plan, sample, masks);
 */
export function patchCells(
  { frame, layout }: Pick<BatchPlan, 'frame' | 'layout'>,
  { start, channel }: Pick<SeriesSample, 'start' | 'channel'>,
  marked: Uint8Array,
): Uint8Array[] {
  const cells = frame.columns.map(({ length }) => new Uint8Array(length));
  const firstRow = start + layout.dropped - layout.padded;
  marked.forEach((mark, patch) => {
    if (mark === 0) return;
    const from = firstRow + patch * layout.patchLength;
    cells[channel]!.fill(1, Math.max(start, from), from + layout.patchLength);
  });
  return cells;
}
