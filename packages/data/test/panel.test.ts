import {
  createFrame,
  createPanel,
  type Frame,
  gridWindowCount,
  panelOf,
  type Rows,
  segmentFrame,
  seriesSampler,
  splitSegments,
  stackFrames,
  windowGrid,
  windowPlace,
  windowStart,
} from '@patchbert/data';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

function recording(name: string, rows: number, channels: readonly string[] = ['a', 'b']): Frame {
  return createFrame({
    name,
    channels,
    columns: channels.map((_, c) => Float32Array.from({ length: rows }, (_, row) => c * 1000 + row)),
    times: Float64Array.from({ length: rows }, (_, row) => row * 60_000),
    timeColumn: 'date',
  });
}

describe('panels', () => {
  test('stacking and taking apart gives back every recording', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lengths, (rows) => {
        const frames = rows.map((length, i) => recording(`r${i}`, length));
        const panel = stackFrames(frames, { name: 'all' });
        expect(panel.frame.name).toBe('all');
        expect(panel.frame.length).toBe(rows.reduce((sum, length) => sum + length));
        expect(panel.segments.map(({ id }) => id)).toEqual(frames.map(({ name }) => name));
        frames.forEach((frame, i) => {
          expect(segmentFrame(panel, i)).toEqual(frame);
        });
      }),
      { seed: 21, numRuns: 50 },
    );
  });

  test('a single frame is a panel of one', () => {
    const frame = recording('load.csv', 7);
    expect(panelOf(frame).segments).toEqual([{ id: 'load.csv', start: 0, end: 7 }]);
    expect(segmentFrame(panelOf(frame), 0)).toEqual(frame);
  });

  test('channels are matched by name', () => {
    const swapped = recording('s', 3, ['b', 'a']);
    const { frame } = stackFrames([recording('r', 2), swapped], { name: 'all' });
    expect([...frame.columns[0]!]).toEqual([0, 1, 1000, 1001, 1002]);
  });

  test('what does not go together is named', () => {
    const r = recording('r', 4);
    const stack = (...frames: Frame[]) => stackFrames(frames, { name: 'all' });
    const { times: _, ...timeless } = recording('s', 4);
    expect(() => stack()).toThrow('has no frame');
    expect(() => stack(r, recording('r', 2))).toThrow('two segments named "r"');
    expect(() => stack(r, recording('s', 4, ['a', 'c']))).toThrow(
      '"s" has channels "a", "c", "r" has "a", "b"',
    );
    expect(() => stack(r, createFrame(timeless))).toThrow('"s" lack times');
    expect(() => createPanel(r, [])).toThrow('has no segment');
    expect(() => createPanel(r, [{ id: 'x', start: 0, end: 5 }])).toThrow('segment "x": rows 0 to 5');
    expect(() =>
      createPanel(r, [
        { id: 'x', start: 0, end: 3 },
        { id: 'y', start: 2, end: 4 },
      ]),
    ).toThrow('segment "y" begins at row 2, before the end 3 of "x"');
    expect(() => segmentFrame(panelOf(r), 1)).toThrow('there is no segment 1');
  });

  test('every recording is split by its own rows', () => {
    const { segments } = stackFrames([recording('r', 100), recording('s', 50)], { name: 'all' });
    const splits = splitSegments(segments);
    expect(splits[1]).toEqual({
      train: { start: 100, end: 135 },
      validation: { start: 135, end: 140 },
      test: { start: 140, end: 150 },
    });
    const short = [...segments, { id: 'tiny', start: 150, end: 152 }];
    expect(() => splitSegments(short)).toThrow('series "tiny": ratioSplit: 2 rows are too few');
  });
});

describe('windows of several segments', () => {
  const gaps = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 30 })), {
    minLength: 1,
    maxLength: 12,
  });

  /** Ranges of rows with a distance between neighbours. */
  function ranges(steps: readonly (readonly [number, number])[]): Rows[] {
    let end = 0;
    return steps.map(([distance, length]) => {
      const start = end + distance;
      end = start + length;
      return { start, end };
    });
  }

  test('are those of each segment alone, in order', () => {
    const size = fc.integer({ min: 1, max: 8 });
    fc.assert(
      fc.property(gaps, size, size, fc.nat(12), (steps, windowLength, stride, contextLength) => {
        const parts = ranges(steps);
        const earliest = parts.map((_, s) => parts[s - 1]?.end ?? 0);
        const expected = parts.flatMap((part, segment) => {
          const found: { segment: number; start: number }[] = [];
          const first = Math.max(earliest[segment]!, part.start - contextLength);
          for (let start = first; start + windowLength <= part.end; start += stride) {
            found.push({ segment, start });
          }
          return found;
        });
        const options = { windowLength, stride, contextLength, earliest };
        if (expected.length === 0) {
          expect(() => windowGrid(parts, options)).toThrow(`window of ${windowLength} rows`);
          return;
        }
        const grid = windowGrid(parts, options);
        expect(gridWindowCount(grid)).toBe(expected.length);
        expect(expected.map((_, index) => windowPlace(grid, index))).toEqual(expected);
        expect(() => windowStart(grid, expected.length)).toThrow('there is no window');
      }),
      { seed: 6, numRuns: 400 },
    );
  });

  test('one range is a list of one', () => {
    const rows = { start: 3, end: 40 };
    expect(windowGrid([rows], { windowLength: 5 })).toEqual(windowGrid(rows, { windowLength: 5 }));
  });

  test('samples name their segment and never cross into the next', () => {
    const parts = ranges([
      [0, 20],
      [0, 3],
      [4, 31],
    ]);
    const grid = windowGrid(parts, { windowLength: 6 });
    const sampler = seriesSampler({ channelCount: 2, grid, batchSize: gridWindowCount(grid) * 2, seed: 3 });
    const samples = sampler.batch(0);
    expect(new Set(samples.map(({ id }) => id)).size).toBe(samples.length);
    for (const { segment, start } of samples) {
      expect(start).toBeGreaterThanOrEqual(parts[segment]!.start);
      expect(start + 6).toBeLessThanOrEqual(parts[segment]!.end);
    }
    expect(new Set(samples.map(({ segment }) => segment))).toEqual(new Set([0, 2]));
  });

  test('nonsense is refused', () => {
    expect(() => windowGrid([{ start: 0, end: 9 }], { windowLength: 2, earliest: [] })).toThrow(
      'earliest has 0 rows for 1 segments',
    );
    const short = ranges([
      [0, 3],
      [0, 5],
    ]);
    expect(() => windowGrid(short, { windowLength: 6 })).toThrow(
      'none of the 2 segments (the longest has 5 rows) holds a window of 6 rows',
    );
    expect(() => windowGrid([], { windowLength: 6 })).toThrow('window of 6 rows');
  });
});
