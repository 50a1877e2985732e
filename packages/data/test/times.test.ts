import {
  calendarFeatures,
  createFrame,
  describeFrame,
  type Frame,
  futureTimes,
  regulariseTimes,
} from '@patchbert/data';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function frameAt(times: readonly number[]): Frame {
  return createFrame({
    name: 'load.csv',
    channels: ['load'],
    columns: [Float32Array.from(times, (_, row) => row + 1)],
    times: Float64Array.from(times),
  });
}

const at = (...stamps: string[]) => frameAt(stamps.map((stamp) => Date.parse(stamp)));
const iso = (times: Float64Array) => [...times].map((time) => new Date(time).toISOString().slice(0, 10));

describe('regular times', () => {
  test('rows that are missing come back as missing values, and nothing else changes', () => {
    const presence = fc.array(fc.boolean(), { minLength: 1, maxLength: 60 });
    const interval = fc.integer({ min: 1, max: 10 * DAY });
    fc.assert(
      fc.property(
        presence,
        interval,
        fc.integer({ min: -1e12, max: 1e12 }),
        (present, milliseconds, start) => {
          const rows = [true, ...present, true].flatMap((isPresent, row) => (isPresent ? [row] : []));
          fc.pre(rows[rows.length - 1]! < 10 * rows.length);
          const frame = frameAt(rows.map((row) => start + row * milliseconds));
          const { frame: regular, inserted, intervalMs } = regulariseTimes(frame, { interval: milliseconds });
          expect(intervalMs).toBe(milliseconds);
          expect(inserted).toBe(regular.length - rows.length);
          expect([...regular.times!]).toEqual(
            Array.from({ length: present.length + 2 }, (_, row) => start + row * milliseconds),
          );
          const expected = new Float32Array(regular.length).fill(Number.NaN);
          rows.forEach((row, i) => {
            expected[row] = i + 1;
          });
          expect(regular.columns[0]).toEqual(expected);
          expect(describeFrame(regular).irregularSteps).toBe(0);
        },
      ),
      { seed: 14, numRuns: 200 },
    );
  });

  test('the interval is the commonest step', () => {
    const { inserted, intervalMs, frame } = regulariseTimes(frameAt([0, 1, 2, 5, 6].map((h) => h * HOUR)));
    expect({ inserted, intervalMs, length: frame.length }).toEqual({
      inserted: 2,
      intervalMs: HOUR,
      length: 7,
    });
  });

  test('a regular frame is given back as it is', () => {
    const frame = frameAt([0, HOUR, 2 * HOUR]);
    expect(regulariseTimes(frame).frame).toBe(frame);
  });

  test('rates such as 60 per second, whose stamps are rounded, are regular', () => {
    const frame = frameAt([0, 1, 2, 4, 5, 6].map((row) => Math.floor((row * 1000) / 60)));
    expect(regulariseTimes(frame, { interval: 1000 / 60 })).toMatchObject({ inserted: 1 });
  });

  test.each([
    ['months', 'the first', ['2019-11-01', '2019-12-01', '2020-02-01', '2020-03-01'], 1, '2020-01-01'],
    ['months', 'the last day', ['2019-11-30', '2020-01-31', '2020-02-29', '2020-03-31'], 1, '2019-12-31'],
    ['months', 'the 30th', ['2019-12-30', '2020-02-29', '2020-03-30', '2020-04-30'], 1, '2020-01-30'],
    ['quarters', 'their end', ['2019-03-31', '2019-06-30', '2019-12-31', '2020-03-31'], 1, '2019-09-30'],
    ['years', 'a day', ['2015-07-01', '2016-07-01', '2018-07-01', '2019-07-01'], 1, '2017-07-01'],
  ])('%s on %s are regular', (_, __, stamps, missing, first) => {
    const { frame, inserted } = regulariseTimes(at(...stamps));
    expect(inserted).toBe(missing);
    const row = frame.columns[0]!.findIndex(Number.isNaN);
    expect(iso(frame.times!)[row]).toBe(first);
    expect(describeFrame(frame).irregularSteps).toBe(0);
  });

  test('a row between two steps is named', () => {
    const frame = frameAt([0, HOUR, 2 * HOUR, 2.5 * HOUR, 3 * HOUR, 4 * HOUR]);
    expect(() => regulariseTimes(frame)).toThrowError(
      expect.objectContaining({
        code: 'data/irregular-times',
        message:
          'regulariseTimes: "load.csv" row 3 has time 1970-01-01T02:30:00Z, which is no multiple of 1 hour after ' +
          '1970-01-01T00:00:00Z of the first row; expected equally spaced times. Resample the data, or pass another interval.',
      }),
    );
    expect(() => regulariseTimes(frameAt([0, 31 * DAY, 62 * DAY, 92 * DAY]))).toThrow(
      'no multiple of 31 days',
    );
  });

  test.each([
    ['data/duplicate-times', [0, HOUR, HOUR], 'row 2 has time 1970-01-01T01:00:00Z, as row 1 has'],
    ['data/time-order', [0, 2 * HOUR, HOUR], 'row 2 has time 1970-01-01T01:00:00Z, earlier than'],
    ['data/too-many-gaps', [0, HOUR, 100 * HOUR], 'row 2 of 3, 1970-01-05T04:00:00Z, would be row 100'],
    ['data/no-interval', [0], 'has one row'],
  ])('%s', (code, times, message) => {
    expect(() => regulariseTimes(frameAt(times))).toThrowError(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  test('no times, or no interval, is refused', () => {
    const timeless = createFrame({ name: 'x', channels: ['a'], columns: [Float32Array.of(1)] });
    expect(() => regulariseTimes(timeless)).toThrow('"x" has no time stamps');
    for (const interval of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => regulariseTimes(frameAt([0, 1]), { interval })).toThrow(`interval is ${interval}`);
    }
  });
});

describe('future times', () => {
  test('go on as the past did', () => {
    const interval = fc.integer({ min: 1, max: 40 * DAY });
    fc.assert(
      fc.property(
        interval,
        fc.integer({ min: 2, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        (step, past, ahead) => {
          // Not at midnight everywhere, so that no month is seen in it.
          const all = Array.from({ length: past + ahead }, (_, row) => 7 + row * (step * 2 + 1));
          expect([...futureTimes(frameAt(all.slice(0, past)), ahead)]).toEqual(all.slice(past));
        },
      ),
      { seed: 15, numRuns: 200 },
    );
  });

  test('months, quarters and years stay on their day', () => {
    const months = fc.record({
      day: fc.integer({ min: 1, max: 31 }),
      months: fc.constantFrom(1, 2, 3, 6, 12),
      past: fc.integer({ min: 13, max: 30 }),
    });
    fc.assert(
      fc.property(months, ({ day, months: step, past }) => {
        const all = Array.from({ length: past + 8 }, (_, i) => {
          const month = i * step;
          const last = new Date(Date.UTC(2001, month + 1, 0)).getUTCDate();
          return Date.UTC(2001, month, Math.min(day, last), 6);
        });
        expect([...futureTimes(frameAt(all.slice(0, past)), 8)]).toEqual(all.slice(past));
      }),
      { seed: 16, numRuns: 200 },
    );
    expect(iso(futureTimes(at('2019-11-30', '2019-12-31', '2020-01-31'), 3))).toEqual([
      '2020-02-29',
      '2020-03-31',
      '2020-04-30',
    ]);
  });

  test('what has no interval is refused', () => {
    expect(() => futureTimes(frameAt([5]), 3)).toThrow('no two rows of "load.csv" have ascending times');
    expect(() => futureTimes(frameAt([5, 6]), 0)).toThrow('horizon is 0');
  });
});

describe('calendar features', () => {
  test('are points on a circle that repeat with their cycle', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e13, max: 1e13 }), (time) => {
        const { columns } = calendarFeatures(Float64Array.of(time, time + DAY, time + 7 * DAY), [
          'hour-of-day',
          'day-of-week',
          'day-of-year',
        ]);
        for (let c = 0; c < 6; c += 2) {
          for (let row = 0; row < 3; row++) {
            expect(columns[c]![row]! ** 2 + columns[c + 1]![row]! ** 2).toBeCloseTo(1, 5);
          }
        }
        for (const c of [0, 1]) expect(columns[c]![1]).toBeCloseTo(columns[c]![0]!, 4);
        for (const c of [2, 3]) expect(columns[c]![2]).toBeCloseTo(columns[c]![0]!, 4);
      }),
      { seed: 17, numRuns: 100 },
    );
  });

  test('begin at midnight, on Monday and on New Year', () => {
    const monday = Date.UTC(2024, 0, 1);
    const { names, columns } = calendarFeatures(Float64Array.of(monday, monday + 6 * HOUR));
    expect(names).toEqual([
      'hour-of-day (sine)',
      'hour-of-day (cosine)',
      'day-of-week (sine)',
      'day-of-week (cosine)',
      'day-of-year (sine)',
      'day-of-year (cosine)',
    ]);
    for (const c of [0, 2, 4]) expect([columns[c]![0], columns[c + 1]![0]]).toEqual([0, 1]);
    expect(columns[0]![1]).toBeCloseTo(1, 6);
  });

  test.each([
    [HOUR, ['hour-of-day', 'day-of-week', 'day-of-year']],
    [DAY, ['day-of-week', 'day-of-year']],
    [7 * DAY, ['day-of-year']],
    [365 * DAY, []],
  ])('an interval of %s ms tells apart %s', (interval, cycles) => {
    const times = Float64Array.from({ length: 5 }, (_, row) => row * interval);
    expect(calendarFeatures(times).cycles).toEqual(cycles);
  });

  test('monthly rows have a year, yearly ones nothing', () => {
    expect(calendarFeatures(at('2020-01-31', '2020-02-29').times!).cycles).toEqual(['day-of-year']);
    expect(calendarFeatures(at('2020-01-01', '2021-01-01').times!).cycles).toEqual([]);
  });
});
