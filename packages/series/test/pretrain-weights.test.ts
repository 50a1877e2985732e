import { tfjsCpu } from '@patchbert/backend';
import { createSeriesSet, type SeriesSet } from '@patchbert/data';
import { randomKey } from '@patchbert/random';
import {
  channelGroups,
  encoderOf,
  featureWidth,
  fitSeriesInputs,
  openSeriesEncoder,
  type PretrainingLosses,
  prepareSeries,
  pretrainWeights,
  type SeriesModelChoices,
  seriesPretrainingSchema,
  settlePretraining,
} from '@patchbert/series';
import { afterAll, describe, expect, it } from 'vitest';

const backend = await tfjsCpu.create();
afterAll(() => backend.dispose());

const tiny: SeriesModelChoices = {
  patchLength: 4,
  patchStride: 2,
  width: 8,
  layers: 1,
  heads: 2,
  feedForwardWidth: 8,
};

/** Sines of two channels, with frequencies and lengths of their own. */
const set: SeriesSet = createSeriesSet({
  name: 'sines',
  channels: ['a', 'b'],
  series: Array.from({ length: 6 }, (_, i) => {
    const wave = (shift: number) =>
      Float32Array.from({ length: 14 + i }, (_, t) => Math.sin(t * (0.3 + 0.3 * i) + shift));
    return { id: `${i + 1}`, values: [wave(0), wave(1)] };
  }),
});

async function pretrained(
  losses: Partial<PretrainingLosses>,
  steps: number,
  choices: SeriesModelChoices = {},
) {
  const inputs = fitSeriesInputs(set, { ...tiny, ...choices });
  const curve: number[] = [];
  const result = await pretrainWeights({
    series: prepareSeries(set, inputs.model, inputs.scaler),
    inputs,
    config: settlePretraining(
      seriesPretrainingSchema.parse({
        training: { steps, batchSize: 6, learningRate: 0.01 },
        losses: { reconstruction: 0, spectrum: 0, instanceContrast: 0, hierarchicalContrast: 0, ...losses },
      }),
      set.series.length,
    ),
    backend,
    key: randomKey(3),
    onStep: ({ loss }) => {
      curve.push(loss);
    },
  });
  return { ...result, curve, inputs };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('pretrainWeights', () => {
  it.each<[string, Partial<PretrainingLosses>, number]>([
    ['reconstruction', { reconstruction: 1 }, 60],
    ['spectrum', { spectrum: 1 }, 60],
    ['instance contrast', { instanceContrast: 1 }, 160],
    ['hierarchical contrast', { hierarchicalContrast: 1 }, 60],
    [
      'all of them',
      { reconstruction: 1, spectrum: 0.5, instanceContrast: 0.5, hierarchicalContrast: 0.5 },
      60,
    ],
  ])('lowers the loss: %s', async (_, losses, steps) => {
    const { curve, status } = await pretrained(losses, steps);
    expect(status).toBe('finished');
    expect(mean(curve.slice(-15))).toBeLessThan(0.9 * mean(curve.slice(0, 10)));
  });

  it('trains what the losses read and nothing else', async () => {
    const { parameters } = await pretrained({ instanceContrast: 1 }, 2);
    expect(Object.keys(parameters).filter((name) => !name.startsWith('encoder.'))).toEqual([
      'contrast.weight',
      'contrast.bias',
    ]);
  });

  it('gives the same bits again, and others with another seed', async () => {
    const [one, two] = [
      await pretrained({ reconstruction: 1, instanceContrast: 1 }, 3),
      await pretrained({ reconstruction: 1, instanceContrast: 1 }, 3),
    ];
    expect(one.parameters).toEqual(two.parameters);
    expect(one.curve).toEqual(two.curve);
  });

  it.each<[string, SeriesModelChoices]>([
    ['independent channels', { channels: 'independent' }],
    ['a class token', { classToken: true }],
    ['dropout', { dropout: 0.2 }],
    ['no differences, scaled per series', { differences: false, normalise: 'per-series' }],
  ])('runs with %s', async (_, choices) => {
    const { curve } = await pretrained({ reconstruction: 1, instanceContrast: 0.5 }, 3, choices);
    expect(curve.every(Number.isFinite)).toBe(true);
  });
});

describe('openSeriesEncoder', () => {
  it.each<SeriesModelChoices>([{}, { channels: 'independent' }, { classToken: true }])(
    'makes one vector per series, the same alone and among others (%j)',
    async (choices) => {
      const { inputs, parameters } = await pretrained({ reconstruction: 1 }, 2, choices);
      const features = {
        levels: 'all' as const,
        poolings: choices.classToken
          ? (['mean', 'max', 'class'] as const)
          : (['mean', 'max', 'deviation', 'positive'] as const),
      };
      const encoder = await openSeriesEncoder({ backend, inputs, features, parameters, batchSize: 4 });
      const points = prepareSeries(set, inputs.model, inputs.scaler);
      const all = await encoder.encode(points);
      const third = await encoder.encode([points[2]!]);
      encoder.dispose();
      expect(encoder.width).toBe(featureWidth(features, encoderOf(inputs), channelGroups(inputs)));
      expect(all.length).toBe(6 * encoder.width);
      expect(third).toEqual(all.slice(2 * encoder.width, 3 * encoder.width));
      expect(new Set(third).size).toBeGreaterThan(encoder.width / 3);
    },
  );
});
