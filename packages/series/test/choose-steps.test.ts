import { chooseSteps, seriesPretrainingSchema, settlePretraining } from '@patchbert/series';
import { describe, expect, it } from 'vitest';

describe('chooseSteps', () => {
  it('sees small sets often enough, large ones for some passes, and never trains for ever', () => {
    const stepsFor = (series: number) => chooseSteps({ batchSize: 32 }, { series, least: 500, passes: 10 });
    expect([30, 1600, 2400, 9000, 1e6].map(stepsFor)).toEqual([500, 500, 750, 1500, 1500]);
  });

  it('keeps what was given', () => {
    expect(chooseSteps({ steps: 7, batchSize: 32 }, { series: 1e6, least: 500, passes: 10 })).toBe(7);
  });

  it('completes a configuration and changes nothing else', () => {
    const choices = seriesPretrainingSchema.parse({ maskRatio: 0.3 });
    const settled = settlePretraining(choices, 100);
    expect(settled).toEqual({ ...choices, training: { ...choices.training, steps: 500 } });
  });
});
