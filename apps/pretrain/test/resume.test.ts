import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PretrainReceipt } from '@patchbert/train';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, csv, folderWith, quick, run } from './support/program.ts';

const files = {
  'load.csv': csv(['load'], 300, (row) => Math.sin(row / 3).toFixed(5)),
  'run.json': JSON.stringify({
    validationSeries: 8,
    schedule: 'constant',
    clipNorm: null,
    checkpointEvery: 2,
  }),
};
const flags = ['--config', 'run.json', '--data', 'load.csv', '--backend', 'tfjs-cpu', ...quick];

beforeAll(buildProgram);

describe('a run that diverges', () => {
  const tooFast = [...flags, '--learning-rate', '1e30', '--steps', '4'];

  it('exits with 3, neither success nor Ctrl-C, and says at which step', async () => {
    const { code, stderr } = await run(folderWith(files), [...tooFast, '--output', 'a']);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^error: training diverged: .* at step \d+ with learning rate 1e\+30; the first tensor: /m,
    );
  });

  it('rolls back when asked to, before the user’s eyes', async () => {
    const folder = folderWith(files);
    const back = ['--on-divergence', 'rollback', '--rollback-factor', '1e-33', '--output', 'a'];
    const { code, stderr } = await run(folder, [...tooFast, ...back]);
    expect(stderr).toMatch(
      /^diverged: .* at step \d+; back to step 0, learning rates times 1e-33 from there on/m,
    );
    expect(code).toBe(0);
    expect(receipt(folder).rollbacks).toHaveLength(1);
  });
});

describe('--resume with other settings', () => {
  const folder = folderWith({
    ...files,
    'other.csv': csv(['load'], 300, (row) => Math.cos(row / 3).toFixed(5)),
  });
  const other = ['--resume', 'a', '--steps', '4', '--learning-rate', '0.001'];

  beforeAll(() => run(folder, [...flags, '--steps', '2', '--schedule-steps', '4', '--output', 'a']));

  it('is refused, and so are other data, by the name of their file', async () => {
    const refused = await run(folder, other);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--learning-rate cannot')]);
    const { code, stderr } = await run(folder, ['--resume', 'a', '--steps', '4', '--data', 'other.csv']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/file load\.csv: \w{12}\.\.\. in the run, not recorded now/);
  });

  it('goes on with --force, and the receipt says what differs', async () => {
    const { code, stderr } = await run(folder, [...other, '--force']);
    expect(stderr).toMatch(/^warning: forced from step 3 on.*learningRate: 0\.002 in the run, 0\.001 now/m);
    expect(code).toBe(0);
    expect(receipt(folder)).toMatchObject({
      forced: [{ fromStep: 3, differences: ['learningRate: 0.002 in the run, 0.001 now'] }],
      bitExact: false,
    });
  });
});

it('--force goes with --resume alone', async () => {
  const { code, stderr } = await run(folderWith(files), [...flags, '--force']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('--force goes with --resume')]);
});

function receipt(folder: string): PretrainReceipt {
  return JSON.parse(readFileSync(join(folder, 'a/receipt.json'), 'utf8')) as PretrainReceipt;
}
