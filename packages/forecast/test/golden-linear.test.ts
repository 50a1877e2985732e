import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ettSplit, readCsv } from '@patchbert/data';
import { describe, expect, test } from 'vitest';
import { fitTiny } from './support/tiny-forecaster.ts';

const root = join(import.meta.dirname, '../../..');
const candidates = [
  ...(process.env.PATCHBERT_DATA_DIR ? [join(process.env.PATCHBERT_DATA_DIR, 'ETTh1.csv')] : []),
  join(root, '../shared/data/forecasting/ETTh1.csv'),
];
const file = candidates.find(existsSync);

/** Test errors of a ridge regression on normalised contexts of 512 hours, from an implementation of its own. */
const expected = { 96: 0.3673, 192: 0.4009, 336: 0.4235, 720: 0.4433 };

describe('the linear ridge on ETTh1', () => {
  const minutes = 60_000;
  test.runIf(file)(
    'has the published errors (runs where ETTh1.csv is there)',
    { timeout: 5 * minutes },
    async () => {
      const frame = await readCsv(file!);
      const { results } = await fitTiny({
        data: { frame, split: ettSplit(1, frame.length) },
        checkpoint: undefined,
        config: { horizons: [96, 192, 336, 720], linearWeight: 1, batchSize: 512 },
      });
      for (const { horizon, windows, methods } of results) {
        expect(windows).toBe(2880 - horizon + 1);
        const { mse } = methods[0]!.scores;
        expect(
          Math.abs(mse - expected[horizon as keyof typeof expected]),
          `horizon ${horizon}: ${mse}`,
        ).toBeLessThan(0.001);
      }
    },
  );
});
