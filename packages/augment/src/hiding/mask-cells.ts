import { PatchBertError } from '@patchbert/errors';
import { deriveKey, type RandomKey, sampleWithoutReplacement, uniforms } from '@patchbert/random';
import { checkedOption } from '../points/checked-option.ts';
import { outputFor } from '../points/checked-points.ts';
import { pointExtent } from '../points/point-extent.ts';
import type { SeriesPoints } from '../points/series-points.ts';
import { keepPoints } from './keep-points.ts';

export interface MaskCellsOptions {
  /** Points of a cell. */
  readonly cellLength: number;
  /** Share of the cells to hide, from 0 and below 1; rounded to whole cells, never all of them. */
  readonly share: number;
}

/**
 * Hides whole cells of `cellLength` points in all channels at once, on a grid with a random offset: what is to be
 * reconstructed in masked pretraining. Hidden are the points visible in `points` and not in the result.
 *
 * The grid covers the series without its padding, so its first and last cell may be cut; every offset is equally likely.
 *
 * @param out where to write, `[channels * length]`, may be `points` itself; new points by default.
 * @throws PatchBertError `augment/bad-option`, `augment/bad-points`, `augment/uneven-shapes`.
 * @example
 * const masked = maskCells(points, { cellLength: 16, share: 0.5 }, deriveKey(randomKey(0), 'mask', step, id));
 * const target = points.visible.map((seen, i) => seen - masked.visible[i]!); // 1 where to reconstruct
 */
export function maskCells(
  points: SeriesPoints,
  { cellLength, share }: MaskCellsOptions,
  key: RandomKey,
  out?: SeriesPoints,
): SeriesPoints {
  checkedOption('maskCells', 'share', share, 1);
  if (!Number.isSafeInteger(cellLength) || cellLength < 1) {
    throw new PatchBertError(
      'augment/bad-option',
      `maskCells: cellLength ${cellLength}; expected a whole number from 1.`,
    );
  }
  const target = outputFor('maskCells', points, out);
  const extent = pointExtent(points);
  const offset = Math.floor(uniforms(deriveKey(key, 'offset'), 1)[0]! * cellLength);
  const cells = Math.ceil((extent + offset) / cellLength);
  const hidden = Math.max(0, Math.min(Math.round(cells * share), cells - 1));
  const times = new Uint8Array(points.length).fill(1);
  for (const cell of sampleWithoutReplacement(deriveKey(key, 'cells'), cells, hidden)) {
    const start = cell * cellLength - offset;
    times.fill(0, Math.max(0, start), Math.max(0, start + cellLength));
  }
  return keepPoints(points, { times }, target);
}
