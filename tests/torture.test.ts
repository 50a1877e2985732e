import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { torture } from '../bench/src/torture/torture.ts';
import { buildProject } from './support/real-process.ts';

const program = fileURLToPath(new URL('../apps/pretrain/dist/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'patchbert-torture-'));

beforeAll(() => buildProject('apps/pretrain'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('npm run torture', () => {
  it('finds nothing lost, doubled or changed after a few kills', async () => {
    const result = await torture({ program, folder, kills: 5, steps: 40, seed: 1 });
    expect(result.violations).toEqual([]);
    expect(result.kills).toBe(5);
    expect(result.withoutCheckpoint + result.announced + result.newer).toBe(5);
    expect(result.runs).toBeGreaterThan(0);
  });
});
