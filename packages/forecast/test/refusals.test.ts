import { cpSync, mkdirSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { borderSplit } from '@patchbert/data';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ForecastConfigInput, ForecastEvent } from '../src/index.ts';
import {
  fitTiny,
  pretrainTiny,
  refusal,
  type TinyFitOptions,
  temporaryFolder,
  tinyCheckpoint,
  waves,
  withColumns,
} from './support/tiny-forecaster.ts';

/** The code of the refusal, after looking that its message is one line and that nothing is left behind. */
async function refused(options: TinyFitOptions) {
  const parent = temporaryFolder();
  const error = await refusal(fitTiny({ ...options, folder: join(parent, 'forecaster') }));
  expect(error.message).not.toContain('\n');
  expect(readdirSync(parent)).toEqual([]);
  return error;
}

describe('configurations', () => {
  it.each<readonly [string, object, string]>([
    ['an unknown key', { horizon: [96] }, 'horizons'],
    ['an unknown key inside', { training: { rate: 1 } }, 'rate'],
    ['no horizon', { horizons: [] }, 'horizons'],
    ['a horizon of 0', { horizons: [0] }, 'horizons'],
    ['a weight above 1', { linearWeight: 1.5 }, 'linearWeight'],
    ['no training windows', { trainFraction: 0 }, 'trainFraction'],
    ['one channel of which the name is not told', { mode: 'univariate' }, 'target'],
    ['a target that is a covariate', { target: 'load', covariates: ['load'] }, 'covariates'],
    ['levels that descend', { quantileLevels: [0.9, 0.1] }, 'ascending'],
    ['an unknown strategy', { adapt: 'ridgee' }, 'adapt'],
  ])('%s', async (_title, config, text) => {
    const error = await refused({ config: config as ForecastConfigInput });
    expect(error).toMatchObject({ code: 'config/invalid' });
    expect(error.message).toContain(text);
  });

  it.each<readonly [string, ForecastConfigInput, string]>([
    ['a target that is not there', { mode: 'univariate', target: 'lod' }, '"load"'],
    ['a covariate that is not there', { covariates: ['wind'] }, '"wind" for the covariate'],
  ])('%s', async (_title, config, text) => {
    const error = await refused({ config });
    expect(error).toMatchObject({ code: 'forecast/unknown-channel' });
    expect(error.message).toContain(text);
  });

  it('covariates alone', async () => {
    const error = await refused({ config: { covariates: ['load', 'flow', 'heat'] } });
    expect(error).toMatchObject({ code: 'forecast/no-channels' });
  });

  it('heads without an encoder', async () => {
    const error = await refused({ checkpoint: undefined });
    expect(error).toMatchObject({ code: 'forecast/no-checkpoint' });
    expect(error.message).toContain('scratch');
  });
});

describe('data', () => {
  it.each([
    ['training', [60, 200, 400], 40],
    ['validation', [280, 320, 400], 41],
    ['test', [250, 350, 400], 51],
  ] as const)('a horizon longer than the %s rows', async (part, borders, horizon) => {
    const [trainEnd, validationEnd, testEnd] = borders;
    const split = borderSplit({ trainEnd, validationEnd, testEnd });
    const error = await refused({ data: { frame: waves(), split }, config: { horizons: [4, horizon] } });
    expect(error).toMatchObject({ code: 'data/too-few-rows' });
    expect(error.message).toContain(`${part === 'training' ? 'train' : part} rows`);
    expect(error.message).toContain(`${horizon}`);
  });

  it('fewer rows than one window', async () => {
    const error = await refused({ data: { frame: waves({ rows: 36 }) } });
    expect(error).toMatchObject({ code: 'data/too-few-rows' });
  });

  it('fewer rows than parts', async () => {
    const error = await refused({ data: { frame: waves({ rows: 2 }) } });
    expect(error).toMatchObject({ code: 'data/bad-split' });
  });

  it('a constant series', async () => {
    const frame = withColumns(waves(), (column) => column.fill(3));
    const error = await refused({ data: { frame } });
    expect(error).toMatchObject({ code: 'ridge/no-rows' });
    expect(error.message).toContain('constant');
  });

  it('nothing measured in the test rows', async () => {
    const frame = withColumns(waves(), (column) => column.fill(Number.NaN, 320));
    const error = await refused({ data: { frame } });
    expect(error).toMatchObject({ code: 'forecast/nothing-to-score' });
    expect(error.message).toContain('load, flow, heat');
  });

  it.each([
    ['that leave the data', 280, 320, 420],
    ['whose parts overlap', 330, 320, 400],
  ])('splits %s', async (_title, trainEnd, testStart, end) => {
    const split = {
      train: { start: 0, end: trainEnd },
      validation: { start: 280, end: testStart },
      test: { start: testStart, end },
    };
    const error = await refused({ data: { frame: waves(), split } });
    expect(error).toMatchObject({ code: 'forecast/bad-split' });
    expect(error.message).toContain('within rows 0 to 400');
  });

  it('more splits than recordings', async () => {
    const split = borderSplit({ trainEnd: 280, validationEnd: 320, testEnd: 400 });
    const error = await refused({ data: { frame: waves(), splits: [split, split] } });
    expect(error).toMatchObject({ code: 'forecast/bad-split' });
  });
});

describe('checkpoints', () => {
  let run: string;
  let newest: string;
  beforeAll(async () => {
    run = await tinyCheckpoint();
    const names = readdirSync(join(run, 'checkpoints')).filter((name) => !name.startsWith('.'));
    newest = names.sort().at(-1)!;
  });

  /** A copy of the newest checkpoint, to be damaged. */
  function copied(): string {
    const folder = join(temporaryFolder(), 'checkpoint');
    cpSync(join(run, 'checkpoints', newest), folder, { recursive: true });
    return folder;
  }

  it('may be a run or one of its checkpoints', async () => {
    const { receipt } = await fitTiny({ checkpoint: copied() });
    expect(receipt.encoder).toMatchObject({ step: 20, contextLength: 32 });
    expect(receipt.encoder!.loaded.every((name) => name.startsWith('encoder.'))).toBe(true);
    expect(receipt.encoder!.unused.some((name) => name.startsWith('decoder.'))).toBe(true);
  });

  it('that learned from rows which are scored here, of the very same data', async () => {
    const frame = waves({ seed: 9 }); // what the short run was pretrained on: its first 280 of 400 rows
    const fit = (trainEnd: number, validationEnd: number, config: ForecastConfigInput = {}) => {
      const split = borderSplit({ trainEnd, validationEnd, testEnd: 400 });
      const warnings: string[] = [];
      const onEvent = (event: ForecastEvent) => {
        if (event.type === 'warning') warnings.push(event.message);
      };
      return fitTiny({ data: { frame, split }, config, onEvent }).then(() => warnings);
    };
    expect(await fit(280, 320)).toEqual([]);
    expect(await fit(240, 320)).toEqual([expect.stringContaining('validation begins at 240')]);
    expect(await refusal(fit(200, 240))).toMatchObject({
      code: 'forecast/pretrained-on-test',
      message: expect.stringMatching(/up to 280, and the test rows begin at 240/),
    });
    const alone = { mode: 'univariate', target: 'flow' } as const;
    expect(await fit(280, 320, alone)).toEqual([]);
    expect(await refusal(fit(200, 240, alone))).toMatchObject({ code: 'forecast/pretrained-on-test' });
  });

  it('that are not there', async () => {
    const missing = await refused({ checkpoint: join(temporaryFolder(), 'none') });
    expect(missing).toMatchObject({ code: 'forecast/no-checkpoint' });
    expect(missing.message).toContain('does not exist');
    const empty = await refused({ checkpoint: temporaryFolder() });
    expect(empty).toMatchObject({ code: 'forecast/no-checkpoint' });
    expect(empty.message).toContain('holds no checkpoint');
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'checkpoints'));
    expect(await refused({ checkpoint: folder })).toMatchObject({ code: 'forecast/no-checkpoint' });
  });

  it.each([
    ['cut short', (folder: string) => truncateSync(join(folder, 'model.safetensors'), 2000)],
    ['without weights', (folder: string) => rmSync(join(folder, 'model.safetensors'))],
    ['with half a state', (folder: string) => truncateSync(join(folder, 'state.json'), 50)],
  ])('%s', async (_title, damage) => {
    const folder = copied();
    damage(folder);
    expect(await refused({ checkpoint: folder })).toMatchObject({ code: 'train/bad-checkpoint' });
  });

  it('of another context length, unless positions may be interpolated', async () => {
    const config = { contextLength: 48 };
    const error = await refused({ config });
    expect(error).toMatchObject({ code: 'forecast/other-context' });
    expect(error.message).toContain('resizePositions');
    const { receipt, results } = await fitTiny({ config: { ...config, resizePositions: true } });
    expect(receipt.encoder!.contextLength).toBe(48);
    expect(receipt.windows[0]!.contextLength).toBe(48);
    expect(results[0]!.windows).toBe(73);
    const same = await fitTiny({ config: { contextLength: 32 } });
    expect(same.receipt.encoder!.resized).toEqual([]);
  });

  it('with learned positions are interpolated, and say so', async () => {
    const learned = await pretrainTiny({
      model: {
        preset: 'tiny',
        width: 8,
        layers: 1,
        heads: 2,
        feedForwardWidth: 8,
        position: 'learned',
        decoder: { width: 4, heads: 1, feedForwardWidth: 4 },
      },
      steps: 2,
    });
    const config = { contextLength: 48 };
    expect(await refused({ checkpoint: learned, config })).toMatchObject({ code: 'forecast/other-context' });
    const { receipt } = await fitTiny({ checkpoint: learned, config: { ...config, resizePositions: true } });
    expect(receipt.encoder!.resized).toHaveLength(1);
  });
});
