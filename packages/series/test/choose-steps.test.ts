import { chooseSteps, seriesPretrainingSchema, settlePretraining } from '@patchbert/series';
import { describe, expect, it } from 'vitest';

const rule = { usual: 500, leastPasses: 10, most: 1500, mostPasses: 400 };
const stepsFor = (series: number) => chooseSteps({ batchSize: 32 }, series, rule);

describe('chooseSteps', () => {
  it('lets every series of a large set be seen some times, and never trains for ever', () => {
    expect([60, 1600, 2400, 9000, 1e6].map(stepsFor)).toEqual([500, 500, 750, 1500, 1500]);
  });

  it('does not train for long on a handful of series', () => {
    expect([32, 16, 10, 2].map(stepsFor)).toEqual([400, 200, 200, 200]);
  });

  it('keeps what was given', () => {
    expect(chooseSteps({ steps: 7, batchSize: 32 }, 1e6, rule)).toBe(7);
  });

  it('completes a configuration and changes nothing else', () => {
    const choices = seriesPretrainingSchema.parse({ maskRatio: 0.3 });
    const settled = settlePretraining(choices, 100);
    expect(settled).toEqual({ ...choices, training: { ...choices.training, steps: 500 } });
  });
});
