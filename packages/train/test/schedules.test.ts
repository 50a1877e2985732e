import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adamW, decaysWeight, oneCycle, scaleByAdam, warmupCosine } from '../src/index.ts';

describe('schedules', () => {
  it('stay finite and within 0 and the maximum for any length', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (totalSteps, warmupSteps, pctStart) => {
          const schedules = [
            warmupCosine({ maximum: 0.5, warmupSteps, totalSteps }),
            oneCycle({ maximum: 0.5, totalSteps, pctStart }),
          ];
          for (const schedule of schedules) {
            for (let update = 0; update < 2 * totalSteps; update++) {
              const rate = schedule(update);
              expect(rate).toBeGreaterThanOrEqual(0);
              expect(rate).toBeLessThanOrEqual(0.5 + 1e-12);
            }
          }
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it('refuse lengths and rates that mean nothing', () => {
    for (const totalSteps of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => oneCycle({ maximum: 1, totalSteps })).toThrow(/totalSteps/);
      expect(() => warmupCosine({ maximum: 1, warmupSteps: 0, totalSteps })).toThrow(/totalSteps/);
    }
    expect(() => warmupCosine({ maximum: Number.NaN, warmupSteps: 0, totalSteps: 1 })).toThrow(/maximum/);
  });
});

describe('optimisers', () => {
  it('decay matrices only', () => {
    const names = [
      'encoder.embedding.weight',
      'encoder.embedding.bias',
      'encoder.position',
      'encoder.maskToken',
      'encoder.layers.0.attentionNorm.scale',
      'encoder.layers.0.attentionNorm.offset',
      'encoder.layers.0.attention.query.weight',
      'head.weight',
    ];
    expect(names.filter(decaysWeight)).toEqual([
      'encoder.embedding.weight',
      'encoder.layers.0.attention.query.weight',
      'head.weight',
    ]);
  });

  it('refuse options out of range', () => {
    expect(() => scaleByAdam({ beta2: 1 })).toThrow(/beta2/);
    expect(() => adamW({ clipNorm: 0 })).toThrow(/maximum is 0/);
    expect(() => adamW({ weightDecay: -1 })).toThrow(/rate/);
  });
});
