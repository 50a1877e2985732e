import { cpSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { build, type Plugin, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumFlags, findChromium } from '../support/machine.ts';
import { folderWithPackages } from '../support/snippets.ts';
import { root } from '../support/workspace.ts';

const minutes = 60_000;

// The example uses the packages as built and published, so `dist` must be current: `npm test` sees to that.
let folder = '';
const modules = new Set<string>();
const imports = new Set<string>();
/** What asked for a Node module and got an empty one. */
const answeredEmpty = new Set<string>();

beforeAll(async () => {
  folder = folderWithPackages();
  cpSync(join(root, 'examples/browser'), folder, { recursive: true });
  await build({ root: folder, configFile: false, logLevel: 'error', plugins: [noteModules] });
}, 2 * minutes);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const noteModules: Plugin = {
  name: 'note-modules',
  generateBundle(_, bundle) {
    for (const id of this.getModuleIds()) {
      modules.add(id);
      if (!id.includes('browser-external')) continue;
      for (const importer of this.getModuleInfo(id)?.importers ?? []) answeredEmpty.add(importer);
    }
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === 'chunk')
        for (const id of [...chunk.imports, ...chunk.dynamicImports]) imports.add(id);
    }
  },
};

test('a page built with Vite holds no Node module', () => {
  expect(modules.size).toBeGreaterThan(500);
  expect([...modules].filter(isBuiltin)).toEqual([]);
  // tfjs, and what it draws random numbers with, name those they do without in a page in the `browser` field of their manifests.
  expect([...answeredEmpty].filter((id) => !/\/(@tensorflow\/tfjs|seedrandom\/)/.test(id))).toEqual([]);
  expect([...imports].filter((id) => !id.startsWith('assets/'))).toEqual([]);
});

test('its policy allows its own files and WebAssembly, no other code', () => {
  const built = readFileSync(join(folder, 'dist/index.html'), 'utf8');
  expect(built).toContain(
    `content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src data:"`,
  );
});

// Whatever the policy forbids is an error on the console, and fails the test.
test(
  'it trains on every backend of the browser, and asks the network for nothing but its own files',
  async () => {
    const server = await preview({
      root: folder,
      configFile: false,
      logLevel: 'error',
      preview: { port: 0 },
    });
    const browser = await chromium.launch({ executablePath: findChromium()!, args: [...chromiumFlags] });
    try {
      const address = server.resolvedUrls!.local[0]!;
      const page = await browser.newPage();
      const requests: string[] = [];
      const complaints: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      await page.goto(address);
      await page.getByText(/^done$/m).waitFor({ timeout: 3 * minutes });
      const text = (await page.locator('pre').textContent()) ?? '';
      expect(complaints, text).toEqual([]);
      expect(requests.filter((url) => !/^(blob|data):/.test(url) && !url.startsWith(address))).toEqual([]);

      const losses = [...text.matchAll(/^(\S+): losses (.*)$/gm)].map(
        ([, name, numbers]) => [name!, numbers!.split(' ').map(Number)] as const,
      );
      expect(losses.map(([name]) => name)).toEqual(['tfjs-webgpu', 'tfjs-webgl', 'tfjs-wasm', 'tfjs-cpu']);
      const [, expected] = losses.at(-1)!;
      expect(expected.at(-1)!).toBeLessThan(expected[0]!);
      for (const [name, found] of losses) {
        found.forEach((loss, step) => {
          expect(Math.abs(loss - expected[step]!), `${name}, step ${step}`).toBeLessThan(1e-3);
        });
      }
    } finally {
      await browser.close();
      await server.close();
    }
  },
  4 * minutes,
);
