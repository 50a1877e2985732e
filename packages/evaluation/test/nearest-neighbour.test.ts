import {
  type ChannelValues,
  learnWindow,
  type NearestNeighbourOptions,
  nearestNeighbour,
} from '@patchbert/evaluation';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** Random walks, whose neighbours are not decided at the first point. */
function walks(seed: number, count: number, channels: number, length: number): ChannelValues[] {
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: channels }, (_, c) => {
      let level = 0;
      return Float32Array.from(normals(deriveKey(randomKey(seed), i, c), length), (step) => {
        level += step;
        return level;
      });
    }),
  );
}

/** The whole table of the definition, nothing left out. */
function plainWarping(a: ChannelValues, b: ChannelValues, reach: number): number {
  const length = a[0]!.length;
  const table = Array.from({ length: length + 1 }, () => new Array<number>(length + 1).fill(Infinity));
  table[0]![0] = 0;
  for (let i = 1; i <= length; i++) {
    for (let j = Math.max(1, i - reach); j <= Math.min(length, i + reach); j++) {
      const cost = a.reduce((sum, channel, c) => sum + (channel[i - 1]! - b[c]![j - 1]!) ** 2, 0);
      table[i]![j] = cost + Math.min(table[i - 1]![j]!, table[i]![j - 1]!, table[i - 1]![j - 1]!);
    }
  }
  return table[length]![length]!;
}

function indexOfLeast(values: readonly number[]): number {
  return values.indexOf(Math.min(...values));
}

function found(
  train: readonly ChannelValues[],
  test: readonly ChannelValues[],
  options: NearestNeighbourOptions,
) {
  const result = nearestNeighbour(train, test, options);
  if ('skipped' in result) throw new Error(result.skipped);
  return result;
}

const shapes = fc.record({
  seed: fc.nat(1000),
  channels: fc.integer({ min: 1, max: 3 }),
  length: fc.integer({ min: 1, max: 25 }),
  window: fc.constantFrom(0, 0.05, 0.1, 0.3, 1),
});

describe('nearestNeighbour', () => {
  it('finds what comparing everything in full finds', () => {
    fc.assert(
      fc.property(shapes, ({ seed, channels, length, window }) => {
        const [train, test] = [walks(seed, 12, channels, length), walks(seed + 5000, 5, channels, length)];
        const { nearest, distances } = found(train, test, { distance: 'dtw', window });
        test.forEach((query, i) => {
          const all = train.map((one) => plainWarping(query, one, Math.round(window * length)));
          expect(nearest[i]).toBe(indexOfLeast(all));
          expect(distances[i]).toBeCloseTo(Math.sqrt(Math.min(...all)), 9);
        });
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('without a window is Euclid', () => {
    const [train, test] = [walks(1, 20, 2, 30), walks(2, 10, 2, 30)];
    const warped = found(train, test, { distance: 'dtw', window: 0 });
    const euclid = found(train, test, { distance: 'euclidean' });
    expect(warped.nearest).toEqual(euclid.nearest);
    euclid.distances.forEach((distance, i) => {
      expect(warped.distances[i]).toBeCloseTo(distance, 9);
    });
  });

  it.each(['euclidean', 'dtw'] as const)(
    'by %s a series is nearest to itself, the first of equals',
    (distance) => {
      const train = walks(3, 6, 2, 12);
      const { nearest, distances } = found([...train, ...train], train, { distance });
      expect([...nearest]).toEqual([0, 1, 2, 3, 4, 5]);
      expect([...distances]).toEqual([0, 0, 0, 0, 0, 0]);
    },
  );

  it('knows a series again at another speed, and moved in time by warping only', () => {
    const wave = (length: number, shift: number, period: number) => [
      Float32Array.from({ length }, (_, t) => Math.exp(-((((t - shift) / length - 0.5) * period) ** 2))),
    ];
    const train = [wave(60, 0, 10), wave(60, 0, 40)];
    expect([...found(train, [wave(31, 0, 10), wave(91, 0, 40)], { distance: 'euclidean' }).nearest]).toEqual([
      0, 1,
    ]);
    expect([...found(train, [wave(60, 12, 40)], { distance: 'dtw', window: 0.3 }).nearest]).toEqual([1]);
  });

  it.each(['euclidean', 'dtw'] as const)('by %s missing points do not count as values', (distance) => {
    const train = walks(4, 8, 2, 40);
    const test = train.map((one) =>
      one.map((channel, c) => channel.map((value, t) => ((t + 3 * c) % 7 === 2 ? Number.NaN : value))),
    );
    expect([...found(train, test, { distance }).nearest]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const nothing = [[new Float32Array(40).fill(Number.NaN), new Float32Array(40).fill(Number.NaN)]];
    expect(found(train, nothing, { distance }).nearest).toHaveLength(1);
  });

  it('says that it is too much instead of taking hours', () => {
    const train = walks(5, 10, 1, 50);
    for (const distance of ['euclidean', 'dtw'] as const) {
      expect(nearestNeighbour(train, train, { distance, budget: 1000 })).toEqual({
        skipped: expect.stringMatching(
          /more than 1e\+3 distances of two values \(stopped after \d of 10 series\)/,
        ),
      });
    }
  });

  it('refuses what cannot be compared', () => {
    const train = walks(6, 2, 2, 5);
    const ask =
      (test: ChannelValues[], window = 0.1) =>
      () =>
        found(train, test, { distance: 'dtw', window });
    expect(ask(walks(6, 1, 1, 5))).toThrow(/series 0 has 1 channels/);
    expect(ask([[new Float32Array(3), new Float32Array(2)]])).toThrow(/channels of 3, 2 points/);
    expect(ask([[new Float32Array(0), new Float32Array(0)]])).toThrow(/no points/);
    expect(ask(train, 2)).toThrow(/window is 2/);
    expect(() => found([], train, { distance: 'dtw' })).toThrow(/number of training series is 0/);
  });
});

describe('learnWindow', () => {
  it('is the leave-one-out accuracy of every window, the smallest of the best', () => {
    fc.assert(
      fc.property(shapes, ({ seed, channels, length }) => {
        const train = walks(seed, 10, channels, length);
        const labels = Int32Array.from({ length: 10 }, (_, i) => i % 2);
        const windows = [0.3, 0, 0.1];
        const learned = learnWindow(train, labels, { windows });
        if ('skipped' in learned) throw new Error(learned.skipped);
        const expected = windows.toSorted().map((window) => {
          const right = train.filter((query, i) => {
            const all = train.map((one, j) =>
              i === j ? Infinity : plainWarping(query, one, Math.round(window * length)),
            );
            return labels[indexOfLeast(all)] === labels[i];
          });
          return { window, accuracy: right.length / 10 };
        });
        expect(learned.candidates).toEqual(expected);
        const best = Math.max(...expected.map(({ accuracy }) => accuracy));
        expect(learned.window).toBe(expected.find(({ accuracy }) => accuracy === best)!.window);
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  it('keeps to its budget and checks what it is given', () => {
    const train = walks(7, 10, 1, 50);
    const labels = new Int32Array(10);
    expect(learnWindow(train, labels, { budget: 10 })).toEqual({
      skipped: expect.stringContaining('window of 10'),
    });
    expect(() => learnWindow(train, new Int32Array(3))).toThrow(/3 labels for 10 series/);
    expect(() => learnWindow(train, labels, { windows: [] })).toThrow(/number of windows is 0/);
    expect(() => learnWindow(train, labels, { windows: [-1] })).toThrow(/a window is -1/);
    expect(() => learnWindow(train.slice(1, 2), labels)).toThrow(/number of training series is 1/);
  });
});

it('more values than fit into memory are refused before any is copied', () => {
  const channel = new Float32Array(1e6).fill(1);
  const series = Array.from({ length: 60 }, () => [channel]);
  for (const distance of ['euclidean', 'dtw'] as const) {
    expect(nearestNeighbour(series, series, { distance })).toEqual({
      skipped: expect.stringContaining('too many to compare'),
    });
  }
  expect(
    learnWindow(
      series,
      Int32Array.from({ length: 60 }, (_, i) => i % 2),
    ),
  ).toEqual({
    skipped: '60 series have too many values',
  });
});
