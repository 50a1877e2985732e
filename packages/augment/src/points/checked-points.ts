import { PatchBertError } from '@patchbert/errors';
import { emptyPoints, type SeriesPoints } from './series-points.ts';

/** Returns where to write the result for `points`: `out` if it fits, new points if there is none. */
export function outputFor(caller: string, points: SeriesPoints, out: SeriesPoints | undefined): SeriesPoints {
  checkPoints(caller, 'points', points);
  if (out === undefined) return emptyPoints(points.channels, points.length);
  checkPoints(caller, 'out', out);
  checkSameShape(caller, points, out);
  return out;
}

/** `outputFor` for functions that read a point after others were written: the result needs arrays of its own. */
export function separateOutputFor(
  caller: string,
  points: SeriesPoints,
  out: SeriesPoints | undefined,
): SeriesPoints {
  if (out !== undefined && (out.values === points.values || out.visible === points.visible)) {
    throw new PatchBertError(
      'augment/same-buffer',
      `${caller}: "out" shares an array with "points", which are still read while it is written; give other arrays.`,
    );
  }
  return outputFor(caller, points, out);
}

/** @throws PatchBertError `augment/uneven-shapes`. */
export function checkSameShape(caller: string, a: SeriesPoints, b: SeriesPoints): void {
  if (a.channels === b.channels && a.length === b.length) return;
  throw new PatchBertError(
    'augment/uneven-shapes',
    `${caller}: [${a.channels} x ${a.length}] points and [${b.channels} x ${b.length}] points; expected one shape. Pad the shorter series with points that are not visible.`,
  );
}

/** @throws PatchBertError `augment/bad-points`. */
export function checkPoints(caller: string, name: string, points: SeriesPoints): void {
  const count = points.channels * points.length;
  if (points.values.length === count && points.visible.length === count) return;
  throw new PatchBertError(
    'augment/bad-points',
    `${caller}: "${name}" has ${points.values.length} values and ${points.visible.length} visibilities; expected ${points.channels} channels x ${points.length} points = ${count} of each.`,
  );
}
