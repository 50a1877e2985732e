import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFrame, type FitEvent, type FitOptions, Forecaster, type Frame, tfjsCpu } from 'patchbert';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cycle, cycles, small } from './support/series.ts';

const before = process.env.TMPDIR;
let folder = '';

// Temporary folders of a fit go where the test can see them.
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbert-test-'));
  mkdirSync(join(folder, 'temporary'));
  process.env.TMPDIR = join(folder, 'temporary');
});
afterEach(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(folder, { recursive: true });
});

const frame = cycle('load', 300);

test.each<readonly [string, Frame, object, string, RegExp]>([
  ['a misspelt option', frame, { horizon: 6, checkpont: 'x' }, 'config/invalid', /"checkpoint"/],
  ['a misspelt setting', frame, { horizon: 6, calender: true }, 'config/invalid', /"calendar"/],
  [
    'a misspelt setting of pretraining',
    frame,
    { horizon: 6, pretrain: { step: 1 } },
    'config/invalid',
    /step/,
  ],
  ['no horizon', frame, {}, 'config/invalid', /horizon/],
  ['two horizons', frame, { horizon: 6, horizons: [6] }, 'config/invalid', /both/],
  ['half a row', frame, { horizon: 0.5 }, 'config/invalid', /horizons/],
  ['a backend nobody knows', frame, { horizon: 6, backend: 'onxx-cpu' }, 'backend/unknown', /onnx-cpu/],
  [
    'a backend of another package by name',
    frame,
    { horizon: 6, backend: 'tfjs-wasm' },
    'backend/unknown',
    /given as its adapter/,
  ],
  ['something else as a backend', frame, { horizon: 6, backend: 7 }, 'backend/bad-option', /7/],
  [
    'a horizon longer than the test rows',
    frame,
    { horizon: 90 },
    'data/too-few-rows',
    /horizon 90 does not fit/,
  ],
  [
    'a context longer than the data',
    frame,
    { horizon: 6, contextLength: 300 },
    'data/too-few-rows',
    /300 \+ 6/,
  ],
  [
    'two context lengths',
    frame,
    { horizon: 6, contextLength: 24, pretrain: { contextLength: 48 } },
    'config/invalid',
    /one of them/,
  ],
  ['an unknown target', frame, { horizon: 6, target: 'lod' }, 'forecast/unknown-channel', /lod/],
  ['shares above 1', frame, { horizon: 6, split: { train: 0.9, validation: 0.2 } }, 'data/bad-split', /test/],
  ['a calendar without times', timeless(), { horizon: 6, calendar: true }, 'forecast/no-times', /time/],
  [
    'a checkpoint that is not there',
    frame,
    { horizon: 6, checkpoint: '/none' },
    'forecast/no-checkpoint',
    /none/,
  ],
  ['text as data', 'load.csv' as unknown as Frame, { horizon: 6 }, 'patchbert/bad-data', /readCsv/],
])('fit: %s', async (_name, data, options, code, message) => {
  const events: FitEvent[] = [];
  const onEvent = (event: FitEvent) => events.push(event);
  const fit = Forecaster.fit(data, { ...options, onEvent } as unknown as FitOptions);
  await expect(fit).rejects.toThrow(
    expect.objectContaining({ name: 'PatchBertError', code, message: expect.stringMatching(message) }),
  );
  expect(events, 'nobody waits for an error').toEqual([]);
  expect(leftovers()).toEqual([]);
});

test('fit: a split for one recording does not split two', async () => {
  const split = { train: rows(0, 60), validation: rows(60, 80), test: rows(80, 100) };
  await expect(Forecaster.fit(cycles(100, 100), { ...small, split })).rejects.toThrow(
    expect.objectContaining({ code: 'data/bad-split' }),
  );
});

test('fit: a folder with something in it stays as it is', async () => {
  const target = join(folder, 'mine');
  mkdirSync(target);
  writeFileSync(join(target, 'letter.txt'), 'dear');
  await expect(Forecaster.fit(frame, { ...small, folder: target })).rejects.toThrow(
    expect.objectContaining({ code: 'train/run-folder-not-empty' }),
  );
  expect(readdirSync(target)).toEqual(['letter.txt']);
  expect(readdirSync(folder)).not.toContain('mine-pretraining');
});

test('threads belong to a backend that is started here', async () => {
  const backend = await tfjsCpu.create();
  await expect(Forecaster.load(folder, { backend, threads: 2 })).rejects.toThrow(
    expect.objectContaining({ code: 'backend/bad-option' }),
  );
  await backend.dispose();
});

test.each(['pretraining', 'result'] as const)(
  'an interrupt at "%s" ends the fit and leaves nothing',
  async (at) => {
    const controller = new AbortController();
    const fit = Forecaster.fit(frame, {
      ...small,
      signal: controller.signal,
      onEvent: ({ type }) => {
        if (type === 'progress' || type === at) controller.abort();
      },
    });
    await expect(fit).rejects.toThrow(expect.objectContaining({ code: 'forecast/interrupted' }));
    expect(leftovers()).toEqual([]);
  },
);

function timeless(): Frame {
  return createFrame({ name: 'load', channels: frame.channels, columns: frame.columns });
}

function rows(start: number, end: number) {
  return { start, end };
}

/** ONNX Runtime leaves files of its own there. */
function leftovers(): readonly string[] {
  return readdirSync(join(folder, 'temporary')).filter((name) => name.startsWith('patchbert'));
}
