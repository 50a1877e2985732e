import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleTiers } from '../src/closed-form/sample-tiers.ts';
import { noExogenous } from '../src/task/exogenous.ts';
import type { ForecastTask } from '../src/task/forecast-task.ts';
import { forecastWindows, spreadSamples } from '../src/task/forecast-windows.ts';
import { waves } from './support/tiny-forecaster.ts';

/** A task of one recording; only its lengths and channels matter here. */
function task(rows: number, channels: number): ForecastTask {
  const all = { start: 0, end: rows };
  const names = Array.from({ length: channels }, (_, c) => `channel ${c}`);
  const frame = waves({ rows, channels: names });
  const numbers = names.map((_, c) => c);
  return {
    panel: { frame, segments: [{ id: 'one', ...all }] },
    splits: [{ train: all, validation: all, test: all }],
    contextLength: 10,
    trained: numbers,
    scored: numbers,
    units: [{ rows: all, mean: numbers.map(() => 0), scale: numbers.map(() => 1) }],
    exogenous: noExogenous,
    trainFraction: 1,
  };
}

test.each([
  [3500, 7, 7000],
  [3500, 7, 3500],
  [7000, 7, 14_000],
  [2000, 4, 2000],
])(
  '%i rows of %i channels thinned to %i samples take every channel and hour alike',
  (rows, channels, most) => {
    const windows = spreadSamples(forecastWindows(task(rows, channels), 'train', 5), most);
    const counts = { channel: new Array(channels).fill(0), hour: new Array(24).fill(0) };
    for (let i = 0; i < windows.count; i++) {
      const { channel, start } = windows.sample(i);
      counts.channel[channel]++;
      counts.hour[start % 24]++;
    }
    for (const all of Object.values(counts)) {
      const fair = windows.count / all.length;
      for (const count of all) expect(Math.abs(count - fair) / fair).toBeLessThan(0.35);
    }
  },
);

test('thinned samples are different ones, in order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 40, max: 400 }), fc.integer({ min: 1, max: 300 }), (rows, most) => {
      const windows = spreadSamples(forecastWindows(task(rows, 2), 'train', 5), most);
      const places = Array.from({ length: windows.count }, (_, i) => {
        const { start, channel } = windows.sample(i);
        return start * 2 + channel;
      });
      expect(places.length).toBe(Math.min(most, 2 * (rows - 14)));
      expect(places.every((place, i) => i === 0 || place > places[i - 1]!)).toBe(true);
    }),
    { seed: 3, numRuns: 40 },
  );
});

test('a long horizon of which thinning would leave next to nothing gets all of its windows', () => {
  const one = task(4000, 1);
  const [long, short] = sampleTiers(one, 'train', [5, 3985], 400);
  expect([long!.horizon, long!.samples.length, long!.fresh]).toEqual([3985, 6, true]);
  expect([short!.horizon, short!.fresh]).toEqual([5, true]);
  // What the short one is fitted on does not depend on the long one.
  expect(short!.samples).toEqual(sampleTiers(one, 'train', [5], 400)[0]!.samples);
});
