import { PatchBertError } from '@patchbert/errors';
import type { Segment } from '../frame/panel.ts';
import { type Ratios, ratioSplit } from './ratio-split.ts';
import { borderSplit, type Split } from './split.ts';

/**
 * Splits every recording of a panel by the same shares of its own rows, as `ratioSplit` does; in rows of the stacked frame.
 *
 * @throws PatchBertError `data/bad-split` naming the first recording that is too short, or for shares not in (0, 1).
 * @example
 * const splits = splitSegments(panel.segments, { train: 0.8, validation: 0.1 });
 * const grid = windowGrid(splits.map(({ train }) => train), { windowLength: 96 });
 */
export function splitSegments(segments: readonly Segment[], ratios: Ratios = {}): Split[] {
  return segments.map(({ id, start, end }) => {
    const { train, validation, test } = named(id, () => ratioSplit(end - start, ratios));
    return borderSplit({
      start,
      trainEnd: start + train.end,
      validationEnd: start + validation.end,
      testEnd: start + test.end,
    });
  });
}

function named<T>(id: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof PatchBertError)) throw error;
    throw new PatchBertError(error.code, `splitSegments: series ${JSON.stringify(id)}: ${error.message}`);
  }
}
