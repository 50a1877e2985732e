import { execFile } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumFlags, findChromium } from '../support/machine.ts';
import { folderWithPackages } from '../support/snippets.ts';
import { root } from '../support/workspace.ts';

const execute = promisify(execFile);
const minutes = 60_000;

// The example uses the packages as built and published, so `dist` must be current: `npm test` sees to that.
let folder = '';
let printed = '';

beforeAll(async () => {
  folder = folderWithPackages();
  cpSync(join(root, 'examples/onnx'), folder, { recursive: true });
  printed = (await execute(process.execPath, ['main.mjs'], { cwd: folder })).stdout;
  await build({ root: folder, configFile: false, logLevel: 'error' });
}, 5 * minutes);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the example exports models that say what they read and return', () => {
  expect(printed).toContain('values [batch,96,2]');
  expect(printed).toContain('forecast [batch,24,2]');
  expect(printed).toContain('quantiles [batch,24,2,3]');
});

test(
  'exported models predict in a page, in ONNX Runtime for the web, what the library predicts in Node, whatever the batch',
  async () => {
    const server = await preview({
      root: folder,
      configFile: false,
      logLevel: 'error',
      preview: { port: 0 },
    });
    const browser = await chromium.launch({ executablePath: findChromium()!, args: [...chromiumFlags] });
    try {
      const page = await browser.newPage();
      await page.goto(server.resolvedUrls!.local[0]!);
      await page.getByText(/^(done|failed.*)$/m).waitFor({ timeout: 2 * minutes });
      const text = (await page.locator('pre').textContent()) ?? '';
      const compared = [...text.matchAll(/^(\S+) batch (\d+) (\S+) largest difference (\S+)$/gm)];
      expect(
        compared.map(([, model, batch, output]) => `${model} ${batch} ${output}`),
        text,
      ).toEqual([
        ...['1', '7', '64'].flatMap((batch) => [
          `forecaster ${batch} forecast`,
          `forecaster ${batch} quantiles`,
        ]),
        ...['1', '7', '64'].map((batch) => `classifier ${batch} probabilities`),
      ]);
      for (const [line, , , , difference] of compared) expect(Number(difference), line).toBeLessThan(1e-5);
    } finally {
      await browser.close();
      await server.close();
    }
  },
  3 * minutes,
);
