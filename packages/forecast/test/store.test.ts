import { appendFileSync, cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type FitForecasterResult,
  type GalleryForecast,
  loadForecaster,
  summariseForecast,
} from '../src/index.ts';
import {
  editForecaster,
  fitTiny,
  HORIZON,
  readJsonFile,
  refusal,
  temporaryFolder,
  testBackend,
  waves,
} from './support/tiny-forecaster.ts';

const TENSORS = `horizon-${HORIZON}.safetensors`;

let fitted: FitForecasterResult;
beforeAll(async () => {
  fitted = await fitTiny();
});

/** A copy of the folder of the fit, to be damaged. */
function copied(): string {
  const folder = join(temporaryFolder(), 'copy');
  cpSync(fitted.folder, folder, { recursive: true });
  return folder;
}

async function loadRefusal(damage: (folder: string) => void) {
  const folder = copied();
  damage(folder);
  return refusal(loadForecaster(folder, await testBackend()));
}

describe('a forecaster in its folder', () => {
  it('is the same again: bits of weights, forecasts and scores', async () => {
    const again = await fitTiny();
    for (const name of [TENSORS, 'gallery.json', 'training.json']) {
      expect(readFileSync(join(again.folder, name)).equals(readFileSync(join(fitted.folder, name)))).toBe(
        true,
      );
    }
    const forecasts = await Promise.all(
      [fitted.folder, again.folder, copied()].map(async (folder) =>
        (await loadForecaster(folder, await testBackend())).predict({ frame: waves({ rows: 50 }) }),
      ),
    );
    expect(forecasts[1]).toEqual(forecasts[0]);
    expect(forecasts[2]).toEqual(forecasts[0]);
  });

  it('has a receipt that says what was read, chosen and scored', () => {
    const { receipt } = fitted;
    expect(receipt).toMatchObject({
      format: 'patchbert-forecast-receipt',
      data: { name: 'waves', rows: 400, series: 1, intervalSeconds: 3600 },
      splits: [{ id: 'waves', train: { start: 0, end: 280 }, test: { start: 320, end: 400 } }],
      unitRows: [{ start: 0, end: 280 }],
      encoder: { step: 20, contextLength: 32, dataSource: 'waves' },
      selection: { by: 'validation' },
      modelCard: [{ horizon: HORIZON }],
    });
    expect(receipt.data.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    const scores = fitted.results[0]!.methods.map(({ method, scores: { mse } }) => ({ method, mse }));
    expect(receipt.results[0]!.methods).toMatchObject(scores);
    for (const { candidates, chosen } of receipt.selection.choices) {
      const best = candidates.reduce((a, b) => (b.validation < a.validation ? b : a));
      expect(chosen).toBe(best.label);
    }
  });

  it('keeps its scores in a small file: those by step to six digits, a list on a line', () => {
    const text = readFileSync(join(fitted.folder, 'evaluation.json'), 'utf8');
    const stored = JSON.parse(text) as FitForecasterResult['results'];
    stored[0]!.methods.forEach(({ scores: { perStep, ...totals } }, m) => {
      const { perStep: exact, ...exactTotals } = fitted.results[0]!.methods[m]!.scores;
      expect(totals).toEqual(exactTotals);
      expect(Object.keys(perStep)).toEqual(Object.keys(exact));
      perStep.mse.forEach((value, h) => {
        expect(Math.abs(value / exact.mse[h]! - 1)).toBeLessThan(1e-5);
      });
      expect(text).toContain(`"mse": ${JSON.stringify(perStep.mse)}`);
    });
  });

  it('shows as many windows of one channel as of several, none twice', async () => {
    const one = waves({ channels: ['load'] });
    const { folder } = await fitTiny({ data: { frame: one } });
    const gallery = readJsonFile<GalleryForecast[]>(folder, 'gallery.json');
    expect(gallery.map(({ place }) => place)).toEqual(['worst', 'worst', 'median', 'median', 'best', 'best']);
    expect(new Set(gallery.map(({ times }) => times![0])).size).toBe(6);
    const errors = gallery.map(({ error }) => error);
    expect(errors[0]!).toBeGreaterThanOrEqual(errors[1]!);
    expect(errors[5]!).toBeGreaterThanOrEqual(errors[4]!);
    expect(Math.max(...errors)).toBe(errors[0]);
    expect(Math.min(...errors)).toBe(errors[4]);
  });

  it('can be told in a report', async () => {
    const summary = await summariseForecast(fitted.folder);
    expect(summary.results[0]!.rows[0]).toMatchObject({
      method: 'average of both',
      mse: fitted.results[0]!.methods[0]!.scores.mse,
    });
    expect(summary.gallery.length).toBe(6);
    for (const { context, truth, forecast, lower, upper, times } of summary.gallery) {
      expect([context.length, truth.length, forecast.length]).toEqual([32, HORIZON, HORIZON]);
      expect(times).toHaveLength(32 + HORIZON);
      expect(forecast.every((_, h) => lower![h]! <= upper![h]!)).toBe(true);
    }
    const [ours, ...others] = summary.perStep[0]!.curves;
    const { coverage, perStep } = fitted.results[0]!.methods[0]!.scores;
    const last = perStep.coverage.at(-1)!;
    expect([coverage.at(-1)!.level, last.level, summary.results[0]!.level]).toEqual([0.8, 0.8, 0.8]);
    expect(ours!.coverage).toHaveLength(HORIZON);
    ours!.coverage!.forEach((share, h) => {
      expect(share).toBeCloseTo(last.share[h]!, 5);
    });
    for (const one of others) expect(one).not.toHaveProperty('coverage');
    await expect(summariseForecast(temporaryFolder())).rejects.toMatchObject({
      code: 'forecast/no-forecaster',
    });
  });

  it('is not written over', async () => {
    const error = await refusal(fitTiny({ folder: fitted.folder }));
    expect(error).toMatchObject({ code: 'train/run-folder-not-empty' });
  });
});

describe('a damaged folder', () => {
  const damages: readonly (readonly [string, string, string, (folder: string) => void])[] = [
    [
      'that is not there',
      'forecast/no-forecaster',
      'no such file',
      (folder) => rmSync(folder, { recursive: true }),
    ],
    [
      'without forecaster.json',
      'forecast/no-forecaster',
      'finished fit',
      (folder) => rmSync(join(folder, 'forecaster.json')),
    ],
    [
      'with a truncated forecaster.json',
      'forecast/bad-forecaster',
      'is not JSON',
      (folder) => truncateSync(join(folder, 'forecaster.json'), 700),
    ],
    [
      'with an empty forecaster.json',
      'forecast/bad-forecaster',
      'is not JSON',
      (folder) => truncateSync(join(folder, 'forecaster.json'), 0),
    ],
    [
      'of a later version',
      'config/invalid',
      'version',
      (folder) => editForecaster(folder, (file) => ({ ...file, version: 2 })),
    ],
    [
      'with an unknown key',
      'config/invalid',
      'colour',
      (folder) => editForecaster(folder, (file) => ({ ...file, colour: 1 })),
    ],
    [
      'of something else',
      'config/invalid',
      'format',
      (folder) => editForecaster(folder, () => ({ horizons: [] })),
    ],
    ['without its tensors', 'forecast/bad-forecaster', TENSORS, (folder) => rmSync(join(folder, TENSORS))],
    [
      'with truncated tensors',
      'forecast/bad-forecaster',
      'SHA-256',
      (folder) => truncateSync(join(folder, TENSORS), 5000),
    ],
    [
      'with longer tensors',
      'forecast/bad-forecaster',
      'SHA-256',
      (folder) => appendFileSync(join(folder, TENSORS), 'x'),
    ],
    [
      'with one bit changed',
      'forecast/bad-forecaster',
      'SHA-256',
      (folder) => {
        const bytes = readFileSync(join(folder, TENSORS));
        bytes[bytes.length - 9]! ^= 1;
        writeFileSync(join(folder, TENSORS), bytes);
      },
    ],
    [
      'with another context length',
      'forecast/bad-forecaster',
      'expected',
      (folder) => editForecaster(folder, (file) => ({ ...file, contextLength: 31 })),
    ],
    [
      'with a head but no encoder',
      'config/invalid',
      'encoder and head',
      (folder) =>
        editForecaster(folder, (file) => ({
          ...file,
          horizons: (file.horizons as object[]).map((one) => ({ ...one, encoder: undefined })),
        })),
    ],
    [
      'with units of other channels',
      'config/invalid',
      'units',
      (folder) =>
        editForecaster(folder, (file) => ({
          ...file,
          units: { mean: [0], scale: [1] },
        })),
    ],
    [
      'with tensors in another folder',
      'config/invalid',
      'file',
      (folder) =>
        editForecaster(folder, (file) => ({
          ...file,
          horizons: (file.horizons as object[]).map((one) => ({ ...one, file: `../copy/${TENSORS}` })),
        })),
    ],
  ];

  it.each(damages)('%s is refused in one line', async (_title, code, text, damage) => {
    const error = await loadRefusal(damage);
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(text);
    expect(error.message).not.toContain('\n');
  });
});
