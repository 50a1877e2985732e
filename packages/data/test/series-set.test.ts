import {
  classesOf,
  classIndices,
  createFrame,
  createPanel,
  createSeriesSet,
  describeSeriesSet,
  longestSeries,
  panelOf,
  type SeriesSet,
  selectSeries,
  shortestSeries,
  windowsAsSeries,
} from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const N = Number.NaN;
const series = (...channels: number[][]) => channels.map((values) => Float32Array.from(values));

function labelled(labels: readonly string[], parts: Partial<SeriesSet> = {}): SeriesSet {
  return createSeriesSet({
    name: 'demo',
    channels: ['x'],
    series: labels.map((_, index) => ({ id: String(index + 1), values: series([index, 1]) })),
    labels,
    ...parts,
  });
}

/** With lines 10, 11, ... of a file. */
const fromFile = (labels: readonly string[]) =>
  labelled(labels, { origin: { file: 'demo.tsv', lines: labels.map((_, index) => index + 10) } });

describe('a set of series', () => {
  test('keeps values, labels, targets, classes and lines, and cannot be changed', () => {
    const values = series([1, N, 3], [4, 5, 6]);
    const set = createSeriesSet({
      name: 'demo',
      channels: ['x', 'y'],
      series: [{ id: 'a', values }],
      labels: ['up'],
      targets: Float64Array.of(0.5),
      declaredClasses: ['up', 'down'],
      origin: { file: 'demo.ts', lines: [7] },
    });
    expect(set.series[0]!.values[0]).toBe(values[0]);
    expect(set).toMatchObject({ labels: ['up'], declaredClasses: ['up', 'down'], origin: { lines: [7] } });
    expect(Object.isFrozen(set) && Object.isFrozen(set.series[0]) && Object.isFrozen(set.labels)).toBe(true);
  });

  const one = { id: '1', values: series([1, 2]) };
  test.each<[string, Partial<SeriesSet>, string, string]>([
    ['no series', { series: [] }, 'data/bad-series-set', 'has no series'],
    ['no channel', { channels: [] }, 'data/bad-series-set', 'has no channel'],
    ['a channel twice', { channels: ['x', 'x'] }, 'data/bad-series-set', 'two channels of the same name'],
    ['labels of others', { labels: [] }, 'data/bad-series-set', 'has 0 labels for 1 series'],
    [
      'targets of others',
      { targets: Float64Array.of(1, 2) },
      'data/bad-series-set',
      'has 2 targets for 1 series',
    ],
    ['lines of others', { origin: { file: 'a.ts', lines: [] } }, 'data/bad-series-set', 'has 0 lines for 1'],
    ['an empty label', { labels: [''] }, 'data/bad-series-set', 'empty label, of series "1" of "demo"'],
    ['a target that is none', { targets: Float64Array.of(N) }, 'data/bad-series-set', 'has the target NaN'],
    [
      'an endless value',
      { series: [{ id: '1', values: series([1, -Infinity]) }] },
      'data/bad-series-set',
      'infinite value (channel 1, point 2)',
    ],
    [
      'another number of channels',
      { series: [one, { id: '2', values: series([1], [2]) }] },
      'data/uneven-channels',
      'series "2" of "demo" has 2 channels; expected 1',
    ],
    ['no point', { series: [{ id: '1', values: series([]) }] }, 'data/empty-series', 'has no point'],
    [
      'only missing points',
      { series: [{ id: '1', values: series([N, N]) }] },
      'data/all-missing-series',
      'every point is missing',
    ],
  ])('%s is refused', (_, parts, code, message) => {
    expect(() => createSeriesSet({ name: 'demo', channels: ['x'], series: [one], ...parts })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  test('file and line are named, where known', () => {
    const parts = {
      name: 'demo',
      channels: ['x', 'y'],
      series: [{ id: '1', values: series([1, 2], [1]) }],
      origin: { file: 'demo.ts', lines: [31] },
    };
    expect(() => createSeriesSet(parts)).toThrow(
      '"demo.ts" line 31 has 1 points in channel 2 and 2 in channel 1',
    );
  });

  test('one point is a series', () => {
    const set = createSeriesSet({
      name: 'demo',
      channels: ['x'],
      series: [{ id: '1', values: series([1]) }],
    });
    expect([shortestSeries(set), longestSeries(set)]).toEqual([1, 1]);
  });
});

describe('choosing series', () => {
  test('takes labels, targets and lines along, in the order asked for', () => {
    const set = labelled(['a', 'b', 'c'], {
      targets: Float64Array.of(1, 2, 3),
      origin: { file: 'f', lines: [4, 5, 6] },
    });
    const chosen = selectSeries(set, Int32Array.of(2, 0, 2));
    expect(chosen.series.map(({ id }) => id)).toEqual(['3', '1', '3']);
    expect(chosen).toMatchObject({ labels: ['c', 'a', 'c'], origin: { file: 'f', lines: [6, 4, 6] } });
    expect([...chosen.targets!]).toEqual([3, 1, 3]);
    expect(selectSeries(set, [0, 1, 2])).toEqual(set);
  });

  test.each([[[]], [[3]], [[-1]], [[0.5]]])('%j is refused', (indices) => {
    expect(() => selectSeries(labelled(['a', 'b', 'c']), indices)).toThrow(
      expect.objectContaining({
        code: 'data/bad-series-set',
        message: expect.stringContaining('"demo" has 3 series'),
      }),
    );
  });
});

describe('classes', () => {
  const twice = (labels: readonly string[]) => labels.flatMap((label) => [label, label]);

  test.each([
    ['numbers by size', ['10', '9', '-1'], ['-1', '9', '10']],
    [
      'texts by code point',
      ['b', 'B', 'ä', 'a', '10', '\u{1F600}', '\uFF5E'],
      ['10', 'B', 'a', 'b', 'ä', '\uFF5E', '\u{1F600}'],
    ],
    [
      'names of the language itself',
      ['toString', '__proto__', 'constructor'],
      ['__proto__', 'constructor', 'toString'],
    ],
  ])('%s', (_, labels, expected) => {
    const set = labelled(twice(labels));
    expect(classesOf(set)).toEqual(expected);
    expect([...classIndices(set, expected)]).toEqual(twice(labels).map((label) => expected.indexOf(label)));
  });

  test('the order of the series changes nothing', () => {
    fc.assert(
      fc.property(
        fc
          .uniqueArray(fc.oneof(fc.string({ minLength: 1 }), fc.integer().map(String)), {
            minLength: 2,
            maxLength: 8,
          })
          .chain((classes) =>
            fc.tuple(
              fc.constant(twice(classes)),
              fc.shuffledSubarray(
                twice(classes).map((_, index) => index),
                { minLength: 2 * classes.length },
              ),
            ),
          ),
        ([labels, order]) => {
          let expected: unknown;
          try {
            expected = classesOf(labelled(labels));
          } catch (error) {
            expect((error as PatchBertError).code).toBe('data/decimal-label');
            return;
          }
          expect(classesOf(labelled(order.map((index) => labels[index]!)))).toEqual(expected);
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });

  test('what cannot be learnt is refused with file and line', () => {
    expect(() => classesOf(fromFile(['a', 'a']))).toThrow(
      expect.objectContaining({
        code: 'data/one-class',
        message: expect.stringContaining('"demo.tsv" has the label "a"'),
      }),
    );
    expect(() => classesOf(fromFile(['a', 'a', 'b']))).toThrow(
      expect.objectContaining({
        code: 'data/single-example',
        message: expect.stringContaining('"demo.tsv" line 12 is the only series of class "b"'),
      }),
    );
    expect(classesOf(fromFile(['a', 'a', 'b']), { allowSingleExamples: true })).toEqual(['a', 'b']);
    expect(() => classesOf(fromFile(['1', '1.5', '2']))).toThrow(
      expect.objectContaining({
        code: 'data/decimal-label',
        message: expect.stringMatching(/"demo.tsv" line 11 has the label "1.5".*regress/),
      }),
    );
    expect(classesOf(labelled(['v1.5', 'v1.5', '1.5', '1.5']))).toEqual(['1.5', 'v1.5']);
    expect(() => classesOf(createSeriesSet({ ...labelled(['a']), labels: undefined } as never))).toThrow(
      expect.objectContaining({ code: 'data/no-labels' }),
    );
  });

  test('a label that training did not have is refused with file, line and the known ones', () => {
    expect(() => classIndices(fromFile(['walking', 'runing']), ['running', 'walking'])).toThrow(
      expect.objectContaining({
        code: 'data/unknown-label',
        message:
          'classIndices: "demo.tsv" line 11 has the label "runing"; known are "running", "walking". Did you mean "running"?',
      }),
    );
  });
});

test('a description counts series, points, gaps and classes', () => {
  const set = createSeriesSet({
    name: 'demo',
    channels: ['x', 'y'],
    series: [
      { id: '1', values: series([1, N, 3], [1, 2, N]) },
      { id: '2', values: series([1, 2], [1, 2]) },
    ],
    labels: ['10', '9'],
    targets: Float64Array.of(4, -2),
  });
  expect(describeSeriesSet(set)).toEqual({
    series: 2,
    channels: 2,
    shortest: 2,
    longest: 3,
    missing: 2,
    classes: [
      { label: '9', count: 1 },
      { label: '10', count: 1 },
    ],
    targetRange: { minimum: -2, maximum: 4 },
  });
});

describe('windows of recordings', () => {
  const frame = createFrame({
    name: 'demo',
    channels: ['x', 'y'],
    columns: series([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0, -1, -2, -3, N, -5, -6, -7, -8, -9]),
  });

  test('stay inside a recording and hold all its channels', () => {
    const panel = createPanel(frame, [
      { id: 'a', start: 0, end: 5 },
      { id: 'b', start: 6, end: 10 },
    ]);
    const set = windowsAsSeries(panel, { length: 3, stride: 1 });
    expect(set.series.map(({ id }) => id)).toEqual([
      'a from row 0',
      'a from row 1',
      'a from row 2',
      'b from row 0',
      'b from row 1',
    ]);
    expect(set.series[2]!.values.map((channel) => [...channel])).toEqual([
      [2, 3, 4],
      [-2, -3, N],
    ]);
    expect(set.labels).toBeUndefined();
    expect(windowsAsSeries(panel, { length: 2 }).series).toHaveLength(4);
  });

  test('windows without a value are left out', () => {
    const gap = createFrame({ name: 'gap', channels: ['x'], columns: series([1, 2, N, N, 3, 4]) });
    expect(windowsAsSeries(panelOf(gap), { length: 2 }).series.map(({ id }) => id)).toEqual([
      'gap from row 0',
      'gap from row 4',
    ]);
  });

  test.each([
    [{ length: 0 }, 'length is 0'],
    [{ length: 2, stride: 0.5 }, 'stride is 0.5'],
    [{ length: 11 }, 'no window of 11 rows'],
  ])('%j is refused', (options, message) => {
    expect(() => windowsAsSeries(panelOf(frame), options)).toThrow(
      expect.objectContaining({ code: 'data/bad-window', message: expect.stringContaining(message) }),
    );
  });

  test('more windows than memory would hold are refused at once', () => {
    const long = createFrame({ name: 'long', channels: ['x'], columns: [new Float32Array(5_000_000)] });
    expect(() => windowsAsSeries(panelOf(long), { length: 2, stride: 1 })).toThrow('use a larger stride');
  });
});

test('errors are PatchBertErrors of one line, whatever the names', () => {
  const set = labelled(['a\nb', 'a\nb', 'c'], { name: 'line\nbreak' });
  const error = (() => {
    try {
      return classesOf(set);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(PatchBertError);
  expect((error as Error).message).not.toContain('\n');
});
