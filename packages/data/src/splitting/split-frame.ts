import type { Frame } from '../frame/frame.ts';
import { sliceFrame } from '../frame/slice-frame.ts';
import { contextStart } from './context-start.ts';
import type { Split } from './split.ts';

/** One frame per part; views into the same columns. */
export interface SplitFrames {
  readonly train: Frame;
  readonly validation: Frame;
  readonly test: Frame;
}

/**
 * The three parts of a frame; validation and test begin `contextLength` rows early (default 0).
 *
 * @throws PatchBertError `data/bad-rows` when the split leaves the frame.
 * @example
 * const { train, test } = splitFrame(frame, ratioSplit(frame.length), { contextLength: 512 });
 */
export function splitFrame(
  frame: Frame,
  split: Split,
  { contextLength = 0 }: { readonly contextLength?: number } = {},
): SplitFrames {
  const early = (rows: Split['test']) => ({ start: contextStart(rows, contextLength), end: rows.end });
  return {
    train: sliceFrame(frame, split.train),
    validation: sliceFrame(frame, early(split.validation)),
    test: sliceFrame(frame, early(split.test)),
  };
}
