import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Frame, stackFrames } from '@patchbert/data';
import { readSafetensors, toFloat32 } from '@patchbert/safetensors';
import { describe, expect, it } from 'vitest';
import type { ForecastConfigInput, ForecastData } from '../src/index.ts';
import { fitTiny, largestDifference, waves, withColumns } from './support/tiny-forecaster.ts';

/** Weights of both heads of some horizons that are fitted together. */
async function heads(data: ForecastData, horizons: number[], config: ForecastConfigInput) {
  const { folder } = await fitTiny({ data, config: { ...config, horizons } });
  return (horizon: number) => {
    const { tensors } = readSafetensors(readFileSync(join(folder, `horizon-${horizon}.safetensors`)));
    const weights = (name: string) => [...toFloat32(tensors.get(name)!)];
    return { linear: weights('linear.weight'), network: weights('head.weight') };
  };
}

const whole = waves({ rows: 420 });
const withGaps = withColumns(whole, (column, c) =>
  column.map((value, i) => ((i + 3 * c) % 19 < 5 ? Number.NaN : value)),
);
const drawn = (frame: Frame) => ({ frame });

const cases: readonly (readonly [string, ForecastData, ForecastConfigInput])[] = [
  ['whole series', drawn(whole), {}],
  ['series with gaps', drawn(withGaps), {}],
  ['a panel', stackFrames([whole, waves({ name: 'other', rows: 300, seed: 5 })], { name: 'panel' }), {}],
  ['thinned rows', drawn(whole), { ridge: { mostRows: 200, mostLinearRows: 150 } }],
  ['a part of the windows', drawn(whole), { trainFraction: 0.4 }],
  ['covariates', drawn(whole), { covariates: ['heat'] }],
];

describe('what a horizon is fitted on does not depend on the others', () => {
  it.each(cases)('%s', async (_title, data, config) => {
    const ofAll = await heads(data, [9, 2, 14], config);
    for (const horizon of [2, 9]) {
      const alone = (await heads(data, [horizon], config))(horizon);
      const together = ofAll(horizon);
      for (const [head, tolerance] of [
        ['linear', 1e-4],
        ['network', 5e-3],
      ] as const) {
        const size = Math.max(...alone[head].map(Math.abs));
        const difference = largestDifference(alone[head], together[head]) / size;
        expect(difference, `${head}, horizon ${horizon}`).toBeLessThan(tolerance);
      }
    }
  });
});
