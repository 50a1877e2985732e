import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFrame } from '@patchbert/data';
import { expect, test } from 'vitest';
import { chooseCheckpoint } from '../src/source/choose-checkpoint.ts';
import { folderWith } from './support/program.ts';

const rows = 20;
const frame = createFrame({ name: 'load', channels: ['load'], columns: [new Float32Array(rows)] });
const split = {
  train: { start: 0, end: 14 },
  validation: { start: 14, end: 16 },
  test: { start: 16, end: 20 },
};

test.each<readonly [string, readonly string[], readonly string[], boolean]>([
  ['the same file', ['a'], ['a'], true],
  ['another file', ['a'], ['b'], false],
  ['no file on either side', [], [], false],
])('a run that read %s fits or does not', async (_, read, opened, fits) => {
  const runs = folderWith();
  mkdirSync(join(runs, 'one'));
  const files = (hashes: readonly string[]) => hashes.map((sha256) => ({ path: `${sha256}.csv`, sha256 }));
  const receipt = {
    format: 'patchbert-pretrain-receipt',
    status: 'finished',
    written: '2026-01-01T00:00:00Z',
    data: { rows, files: files(read), fingerprint: '' },
    windows: { contextLength: 4 },
    split,
  };
  writeFileSync(join(runs, 'one/receipt.json'), JSON.stringify(receipt));
  const data = { title: 'load', frame, files: files(opened), splits: [split] };
  const found = await chooseCheckpoint(undefined, data, undefined, runs);
  expect(found?.folder).toBe(fits ? join(runs, 'one') : undefined);
});
