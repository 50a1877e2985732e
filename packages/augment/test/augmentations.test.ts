import {
  augmentationSchema,
  augmentSeries,
  crop,
  dropChannels,
  emptyPoints,
  jitter,
  maskCells,
  mixUp,
  type SeriesPoints,
  scale,
  seriesPoints,
  shift,
  timeWarp,
} from '@patchbert/augment';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullSeries, keyOf, randomSeries, seeds } from './series-setup.ts';

const ones = (channels: number, length: number) => fullSeries(channels, length, () => 1);
const mean = (numbers: ArrayLike<number>) =>
  Array.from(numbers).reduce((sum, x) => sum + x, 0) / numbers.length;
const deviation = (numbers: ArrayLike<number>) => {
  const centre = mean(numbers);
  return Math.sqrt(mean(Array.from(numbers, (x) => (x - centre) ** 2)));
};

describe('seriesPoints', () => {
  it('marks what was observed, pads and cuts', () => {
    const channels = [Float32Array.of(1, Number.NaN, 3), Float32Array.of(4, 5, 6)];
    expect(seriesPoints(channels, 4)).toEqual({
      channels: 2,
      length: 4,
      values: Float32Array.of(1, 0, 3, 0, 4, 5, 6, 0),
      visible: Uint8Array.of(1, 0, 1, 0, 1, 1, 1, 0),
    });
    expect(seriesPoints(channels, 2).values).toEqual(Float32Array.of(1, 0, 4, 5));
    expect(seriesPoints(channels).length).toBe(3);
  });

  it('refuses what is no series', () => {
    expect(() => seriesPoints([])).toThrow(/0 channels/);
    expect(() => seriesPoints([new Float32Array(0)])).toThrow(/length 0/);
    expect(() => seriesPoints([new Float32Array(2), new Float32Array(3)])).toThrow(/channel 1 has 3 points/);
    expect(() => emptyPoints(1.5, 3)).toThrow(/1.5 channels/);
  });
});

describe('timeWarp', () => {
  it('gives a straight line the times it bent to, alike in all channels', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const length = 101;
        const bent = timeWarp(
          fullSeries(2, length, (t, c) => t + c),
          {},
          keyOf(seed),
        );
        const times = [...bent.values.subarray(0, length)];
        times.forEach((time, t) => {
          expect(bent.visible[t]).toBe(bent.visible[length + t]);
          if (bent.visible[t] === 0) return;
          expect(bent.values[length + t]).toBeCloseTo(time + 1, 3);
          // shift <= .1 n, stretch <= .1 of half a series, wave <= .03 n / (2 pi)
          expect(Math.abs(time - t)).toBeLessThanOrEqual(10.1 + 5 + 0.49);
          if (t > 0 && bent.visible[t - 1] === 1) {
            expect(time - times[t - 1]!).toBeGreaterThan(1 - 0.131);
            expect(time - times[t - 1]!).toBeLessThan(1 + 0.131);
          }
        });
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it('follows the formula of each part on its own', () => {
    const length = 201;
    const line = fullSeries(1, length, (t) => t);
    for (let seed = 0; seed < 20; seed++) {
      const seen = (points: SeriesPoints) =>
        [...points.values].map((time, t) => ({ t, by: time - t })).filter(({ t }) => points.visible[t] === 1);
      const shifted = seen(timeWarp(line, { stretch: 0, shift: 0.2, wave: 0 }, keyOf(seed)));
      for (const { by } of shifted) expect(by).toBeCloseTo(shifted[0]!.by, 3);
      const stretched = seen(timeWarp(line, { stretch: 0.2, shift: 0, wave: 0 }, keyOf(seed)));
      const slope = (stretched[1]!.by - stretched[0]!.by) / 1;
      for (const { t, by } of stretched) expect(by).toBeCloseTo(slope * (t - 100), 1);
      const waved = seen(timeWarp(line, { stretch: 0, shift: 0, wave: 0.2 }, keyOf(seed)));
      const wave = waved.find(({ t }) => t === 50)!;
      const quarterOn = waved.find(({ t }) => t === 100)!;
      const amplitude = Math.hypot(wave.by, quarterOn.by);
      const phase = Math.atan2(wave.by, quarterOn.by) - (2 * Math.PI * 50) / length;
      for (const { t, by } of waved) {
        expect(Math.abs(by - amplitude * Math.sin((2 * Math.PI * t) / length + phase))).toBeLessThan(0.1);
      }
    }
  });

  it('uses the whole range of shifts', () => {
    const line = fullSeries(1, 100, (t) => t);
    const shifts = Array.from({ length: 400 }, (_, seed) => {
      const bent = timeWarp(line, { stretch: 0, shift: 0.1, wave: 0 }, keyOf(seed));
      return bent.values[50]! - 50;
    });
    expect(Math.abs(mean(shifts))).toBeLessThan(1);
    expect(deviation(shifts)).toBeGreaterThan(20 / Math.sqrt(12) - 0.6);
    expect(deviation(shifts)).toBeLessThan(20 / Math.sqrt(12) + 0.6);
  });

  it('hides what lies beside a hidden point and nothing else', () => {
    const points = ones(1, 50);
    points.visible[20] = 0;
    points.values[20] = 0;
    for (let seed = 0; seed < 30; seed++) {
      const bent = timeWarp(points, { stretch: 0, shift: 0.1, wave: 0 }, keyOf(seed));
      expect([...bent.values].every((value, t) => value === bent.visible[t])).toBe(true);
      const run = [...bent.visible].join('').replace(/^0*/, '').replace(/0*$/, '');
      expect(run).toMatch(/^1+00?1+$/);
    }
  });
});

describe('shift', () => {
  it('moves by whole points, every distance alike', () => {
    const counts = new Map<number, number>();
    const line = fullSeries(2, 10, (t, c) => t + 100 * c);
    for (let seed = 0; seed < 1000; seed++) {
      const moved = shift(line, { share: 0.2 }, keyOf(seed));
      const by = 5 - moved.values[5]!;
      counts.set(by, (counts.get(by) ?? 0) + 1);
      expect(moved.values[15]).toBe(moved.values[5]! + 100);
      expect(moved.visible.reduce((sum, seen) => sum + seen, 0)).toBe(2 * (10 - Math.abs(by)));
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(60);
  });
});

describe('jitter', () => {
  it('adds independent noise of the deviation asked for', () => {
    const noise = jitter(
      fullSeries(4, 5000, () => 0),
      { deviation: 0.05 },
      keyOf(0),
    ).values;
    expect(Math.abs(mean(noise))).toBeLessThan(0.0015);
    expect(Math.abs(deviation(noise) - 0.05)).toBeLessThan(0.001);
    const lagged = mean([...noise.subarray(1)].map((value, i) => value * noise[i]!));
    expect(Math.abs(lagged)).toBeLessThan(0.05 * 0.05 * 0.03);
    const crossed = mean([...noise.subarray(0, 5000)].map((value, i) => value * noise[5000 + i]!));
    expect(Math.abs(crossed)).toBeLessThan(0.05 * 0.05 * 0.06);
    expect(mean([...noise].map((value) => (value / 0.05) ** 4))).toBeCloseTo(2.7, 1);
  });
});

describe('scale', () => {
  it('multiplies everything by one factor of mean 1', () => {
    const factors = Array.from({ length: 2000 }, (_, seed) => {
      const { values } = scale(
        fullSeries(2, 3, (_t, c) => c + 1),
        { deviation: 0.1 },
        keyOf(seed),
      );
      expect(values[0]).toBe(values[2]);
      expect(values[3]! / values[0]!).toBeCloseTo(2, 5);
      return values[0]!;
    });
    expect(Math.abs(mean(factors) - 1)).toBeLessThan(0.01);
    expect(Math.abs(deviation(factors) - 0.1)).toBeLessThan(0.006);
  });
});

describe('crop', () => {
  it('keeps one run of the asked length, at every place alike', () => {
    const firsts = new Map<number, number>();
    for (let seed = 0; seed < 600; seed++) {
      const { visible } = crop(ones(2, 8), { share: 0.25 }, keyOf(seed));
      expect(visible.subarray(0, 8)).toEqual(visible.subarray(8));
      expect([...visible.subarray(0, 8)].join('')).toMatch(/^0*1{6}0*$/);
      const first = visible.indexOf(1);
      firsts.set(first, (firsts.get(first) ?? 0) + 1);
    }
    expect([...firsts.keys()].sort()).toEqual([0, 1, 2]);
    for (const count of firsts.values()) expect(Math.abs(count - 200)).toBeLessThan(50);
    expect(crop(ones(1, 3), { share: 0.99 }, keyOf(0)).visible.filter((seen) => seen === 1)).toHaveLength(1);
  });
});

describe('dropChannels', () => {
  it('hides whole channels, but never all that can be seen', () => {
    let dropped = 0;
    for (let seed = 0; seed < 1000; seed++) {
      const points = ones(6, 4);
      points.visible.fill(0, 0, 4);
      const { visible } = dropChannels(points, { share: 0.3 }, keyOf(seed));
      const kept = Array.from({ length: 6 }, (_, c) => visible.subarray(c * 4, c * 4 + 4));
      for (const channel of kept) expect(new Set(channel).size).toBe(1);
      dropped += kept.slice(1).filter((channel) => channel[0] === 0).length;
      expect(visible).toContain(1);
      expect(dropChannels(points, { share: 0.999 }, keyOf(seed)).visible).toContain(1);
    }
    expect(Math.abs(dropped / 5000 - 0.3)).toBeLessThan(0.03);
  });
});

describe('maskCells', () => {
  it('hides runs of whole cells in all channels, as many as asked', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 80 }),
        (seed, cellLength, length) => {
          const masked = maskCells(ones(2, length), { cellLength, share: 0.5 }, keyOf(seed)).visible;
          expect(masked.subarray(0, length)).toEqual(masked.subarray(length));
          const inner = [...masked.subarray(0, length)]
            .join('')
            .replace(/^(.)\1*/, '')
            .replace(/(.)\1*$/, '');
          for (const run of inner.match(/0+|1+/g) ?? []) expect(run.length % cellLength).toBe(0);
          const hidden = length - masked.subarray(0, length).reduce((sum, seen) => sum + seen, 0);
          expect(hidden).toBeLessThan(length);
          expect(Math.abs(hidden - length / 2)).toBeLessThanOrEqual(1.5 * cellLength);
        },
      ),
      { seed: 3 },
    );
  });

  it('hides every point equally often, wherever the grid lies', () => {
    const times = new Float64Array(30);
    for (let seed = 0; seed < 4000; seed++) {
      const { visible } = maskCells(ones(1, 30), { cellLength: 5, share: 0.5 }, keyOf(seed));
      for (let t = 0; t < 30; t++) times[t]! += (1 - visible[t]!) / 4000;
    }
    for (const share of times) expect(Math.abs(share - 0.5)).toBeLessThan(0.08);
  });

  it('lays its grid over the series, not over the padding', () => {
    const short = emptyPoints(1, 1000);
    short.visible.fill(1, 0, 20);
    for (let seed = 0; seed < 50; seed++) {
      const hidden =
        20 -
        maskCells(short, { cellLength: 2, share: 0.5 }, keyOf(seed)).visible.filter((v) => v === 1).length;
      expect(Math.abs(hidden - 10)).toBeLessThanOrEqual(2);
    }
  });

  it('refuses cells of no point and shares that leave nothing', () => {
    expect(() => maskCells(ones(1, 4), { cellLength: 0, share: 0.5 }, keyOf(0))).toThrow(/cellLength 0/);
    expect(() => maskCells(ones(1, 4), { cellLength: 2, share: 1 }, keyOf(0))).toThrow(/share 1; expected/);
  });
});

describe('mixUp', () => {
  it('mixes by a share of the Beta distribution', () => {
    for (const alpha of [0.2, 1]) {
      const shares = Array.from({ length: 3000 }, (_, seed) => {
        const { points, share } = mixUp(
          ones(1, 2),
          fullSeries(1, 2, () => 3),
          { alpha },
          keyOf(seed),
        );
        expect(points.values[0]).toBeCloseTo(3 - 2 * share, 5);
        return share;
      });
      expect(Math.abs(mean(shares) - 0.5)).toBeLessThan(0.03);
      expect(Math.abs(deviation(shares) - Math.sqrt(1 / (4 * (2 * alpha + 1))))).toBeLessThan(0.015);
    }
  });

  it('shows what both show', () => {
    const a = randomSeries(1, 2, 30);
    const b = randomSeries(2, 2, 30);
    const { points } = mixUp(a, b, { alpha: 0.4 }, keyOf(1));
    expect(points.visible).toEqual(a.visible.map((seen, i) => seen * b.visible[i]!));
  });

  it('refuses other shapes and strengths', () => {
    expect(() => mixUp(ones(1, 4), ones(1, 5), { alpha: 0.4 }, keyOf(0))).toThrow(/expected one shape/);
    for (const alpha of [0, 1.5, Number.NaN]) {
      expect(() => mixUp(ones(1, 4), ones(1, 4), { alpha }, keyOf(0))).toThrow(/alpha/);
    }
  });
});

describe('augmentSeries', () => {
  it('draws for each augmentation on its own', () => {
    const points = fullSeries(3, 80, (t, c) => Math.sin(t / 5 + c));
    const key = keyOf(9);
    const whole = augmentSeries(points, augmentationSchema.parse({ jitter: 0 }), key);
    const cropped = augmentSeries(points, augmentationSchema.parse({ jitter: 0, crop: 0.3 }), key);
    expect(cropped.values).toEqual(whole.values.map((value, i) => (cropped.visible[i] === 1 ? value : 0)));
    expect(cropped.visible.filter((seen) => seen === 1).length).toBeLessThan(
      whole.visible.filter((seen) => seen === 1).length,
    );
  });

  it('has strict settings with the defaults of the recipe', () => {
    expect(augmentationSchema.parse({})).toEqual({
      timeWarp: { stretch: 0.1, shift: 0.1, wave: 0.03 },
      scale: 0.1,
      jitter: 0.05,
      crop: 0,
      dropChannels: 0,
    });
    expect(augmentationSchema.parse({ timeWarp: { shift: 0.2 } }).timeWarp).toEqual({
      stretch: 0.1,
      shift: 0.2,
      wave: 0.03,
    });
    expect(augmentationSchema.safeParse({ jiter: 0.1 }).success).toBe(false);
    expect(augmentationSchema.safeParse({ crop: 1 }).success).toBe(false);
  });

  it('refuses negative strengths', () => {
    expect(() => jitter(ones(1, 4), { deviation: -1 }, keyOf(0))).toThrow(/deviation -1/);
    expect(() => timeWarp(ones(1, 4), { stretch: 2 }, keyOf(0))).toThrow(
      /stretch 2; expected a number from 0 and below 1/,
    );
  });
});
