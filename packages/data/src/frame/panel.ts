import { PatchBertError } from '@patchbert/errors';
import { createFrame, type Frame } from './frame.ts';
import { checkRows, type Rows } from './rows.ts';
import { sliceFrame } from './slice-frame.ts';

/** The rows of one recording inside a frame that holds several, one after the other. */
export interface Segment extends Rows {
  /** Names the recording in messages and results, such as `store 7`. */
  readonly id: string;
}

/** Recordings with the same channels and lengths of their own, stacked in one frame; no window crosses them. */
export interface Panel {
  readonly frame: Frame;
  /** In the order of their rows, never overlapping; every id once. */
  readonly segments: readonly Segment[];
}

/**
 * Checks segments against their frame and joins them.
 *
 * @throws PatchBertError `data/bad-rows` for a segment that leaves the frame; `data/bad-panel` for none, overlapping
 * ones, or an id that comes twice.
 * @example
 * const panel = createPanel(frame, [{ id: 'north', start: 0, end: 100 }, { id: 'south', start: 100, end: 250 }]);
 */
export function createPanel(frame: Frame, segments: readonly Segment[]): Panel {
  const fail = (problem: string): never => {
    throw new PatchBertError('data/bad-panel', `createPanel: ${JSON.stringify(frame.name)} ${problem}`);
  };
  if (segments.length === 0) fail('has no segment; expected at least one.');
  const ids = new Set<string>();
  segments.forEach(({ id, start, end }, index) => {
    const title = JSON.stringify(id);
    checkRows(`createPanel: segment ${title}`, { start, end }, frame.length);
    if (ids.has(id)) fail(`has two segments named ${title}; expected different ids.`);
    ids.add(id);
    const before = segments[index - 1];
    if (before !== undefined && start < before.end) {
      fail(
        `segment ${title} begins at row ${start}, before the end ${before.end} of ${JSON.stringify(before.id)}; expected segments in order of their rows that do not overlap.`,
      );
    }
  });
  const frozen = segments.map(({ id, start, end }) => Object.freeze({ id, start, end }));
  return Object.freeze({ frame, segments: Object.freeze(frozen) });
}

/**
 * A frame of one recording as a panel: one segment, named as the frame.
 *
 * @example
 * const { segments } = panelOf(frame); // [{ id: 'load.csv', start: 0, end: frame.length }]
 */
export function panelOf(frame: Frame): Panel {
  return createPanel(frame, [{ id: frame.name, start: 0, end: frame.length }]);
}

/**
 * One recording of a panel as a frame with the name of its id; the columns are views, nothing is copied.
 *
 * @throws PatchBertError `data/bad-panel` when the panel has no such segment.
 * @example
 * const first = segmentFrame(panel, 0);
 */
export function segmentFrame({ frame, segments }: Panel, index: number): Frame {
  const segment = segments[index];
  if (segment === undefined) {
    throw new PatchBertError(
      'data/bad-panel',
      `segmentFrame: there is no segment ${index}; ${JSON.stringify(frame.name)} has ${segments.length}, counted from 0.`,
    );
  }
  return createFrame({ ...sliceFrame(frame, segment), name: segment.id });
}
