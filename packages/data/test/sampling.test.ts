import { evaluationBatches, type SeriesSample, seriesSampler, windowGrid } from '@patchbert/data';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const grid = windowGrid({ start: 100, end: 200 }, { windowLength: 10, stride: 3 }); // 31 windows

describe('training batches', () => {
  const options = { channelCount: 3, grid, batchSize: 8, seed: 5 };

  test('a batch is a function of seed and step alone: any order, any instance', () => {
    const one = seriesSampler(options);
    const forwards = Array.from({ length: 40 }, (_, step) => one.batch(step));
    const other = seriesSampler(options);
    for (let step = 39; step >= 0; step--) expect(other.batch(step)).toEqual(forwards[step]);
  });

  test('an epoch holds every sample at most once and drops only the ragged rest', () => {
    const sampler = seriesSampler(options);
    expect(sampler.stepsPerEpoch).toBe(Math.floor(93 / 8));
    for (const epoch of [0, 1, 7]) {
      const ids = Array.from({ length: 11 }, (_, i) => sampler.batch(epoch * 11 + i)).flatMap((batch) =>
        batch.map((s) => s.id),
      );
      expect(new Set(ids).size).toBe(88);
    }
  });

  test('epochs, seeds differ; seed 0 is a seed', () => {
    const ids = (seed: number, step: number) =>
      seriesSampler({ ...options, seed })
        .batch(step)
        .map((s) => s.id);
    expect(ids(0, 0)).toEqual(ids(0, 0));
    expect(ids(0, 0)).not.toEqual(ids(1, 0));
    expect(ids(0, 0)).not.toEqual(ids(0, 11));
  });

  test('the identity of a sample does not depend on grid, batch size or order', () => {
    const coarse = seriesSampler({ ...options, batchSize: 93 }).batch(0);
    const fine = windowGrid({ start: 100, end: 200 }, { windowLength: 10 });
    const dense = seriesSampler({ ...options, grid: fine, batchSize: 91 * 3, seed: 9 }).batch(0);
    const identity = (samples: readonly SeriesSample[]) =>
      new Map(samples.map((s) => [`${s.start}/${s.channel}`, s.id]));
    const all = identity(dense);
    expect(new Set(all.values()).size).toBe(273);
    for (const [place, id] of identity(coarse)) expect(all.get(place)).toBe(id);
  });

  test('whole windows bring all their channels', () => {
    const sampler = seriesSampler({ ...options, sampling: 'windows' });
    expect(sampler.stepsPerEpoch).toBe(3);
    expect(sampler.seriesPerBatch).toBe(24);
    const batch = sampler.batch(2);
    expect(batch).toHaveLength(24);
    for (let i = 0; i < 24; i += 3) {
      expect(batch.slice(i, i + 3).map((s) => s.channel)).toEqual([0, 1, 2]);
      expect(new Set(batch.slice(i, i + 3).map((s) => s.start)).size).toBe(1);
    }
  });

  test('a batch larger than the data runs on through further epochs', () => {
    const sampler = seriesSampler({ ...options, batchSize: 200 });
    expect(sampler.stepsPerEpoch).toBe(1);
    const counts = new Map<number, number>();
    const drawn = [0, 1, 2].flatMap((step) => sampler.batch(step));
    expect(drawn).toHaveLength(600);
    for (const { id } of drawn.slice(0, 93 * 6)) counts.set(id, (counts.get(id) ?? 0) + 1);
    expect([...counts.values()].every((count) => count === 6)).toBe(true);
    expect(counts.size).toBe(93);
  });

  test('windows stay inside the grid', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(), (step, seed) => {
        for (const { start, channel } of seriesSampler({ ...options, seed }).batch(step)) {
          expect(start >= 100 && start + 10 <= 200 && channel < 3).toBe(true);
        }
      }),
      { seed: 8, numRuns: 50 },
    );
  });

  test('nonsense is refused', () => {
    expect(() => seriesSampler({ ...options, batchSize: 0 })).toThrow(
      'batchSize is 0; expected a whole number, 1 or more.',
    );
    expect(() => seriesSampler({ ...options, channelCount: 1.5 })).toThrow('channelCount is 1.5');
    expect(() => seriesSampler({ ...options, grid: { ...grid, windowsBefore: [0, 0] } })).toThrow(
      'hold no window of 10 rows',
    );
    expect(() => seriesSampler(options).batch(-1)).toThrow('step is -1');
  });
});

describe('evaluation batches', () => {
  test.each([1, 7, 31, 93, 200])('batch size %s: every sample counts once, in order', (batchSize) => {
    const batches = evaluationBatches({ channelCount: 3, grid, batchSize });
    const counted: number[] = [];
    for (let i = 0; i < batches.batchCount; i++) {
      const { samples, weights } = batches.batch(i);
      expect(samples).toHaveLength(batches.seriesPerBatch);
      expect(weights).toHaveLength(batches.seriesPerBatch);
      samples.forEach((sample, s) => {
        if (weights[s] === 1) counted.push(sample.id);
        else expect(weights[s]).toBe(0);
      });
    }
    expect(batches.sampleCount).toBe(93);
    expect(counted).toHaveLength(93);
    expect([...counted].sort((a, b) => a - b)).toEqual(counted);
    expect(new Set(counted).size).toBe(93);
  });

  test('whole windows', () => {
    const batches = evaluationBatches({ channelCount: 3, grid, batchSize: 30, sampling: 'windows' });
    expect(batches).toMatchObject({ batchCount: 2, seriesPerBatch: 90, sampleCount: 93 });
    expect(batches.batch(1).weights.reduce((a, b) => a + b)).toBe(3);
    expect(() => batches.batch(2)).toThrow('there is no batch 2; there are 2');
  });
});
