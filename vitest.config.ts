import { playwright } from '@vitest/browser-playwright';
import { configDefaults, defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { chromiumFlags, findChromium, missingForNative, vulkanEnvironment } from './tests/support/machine.ts';

/** Tests read the sources of the packages, not their builds. */
const source = '@patchbert/source';

/** Tests that run anywhere. */
const node: TestProjectConfiguration = {
  extends: true,
  test: {
    name: 'node',
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'packages/*/test/{browser,native}/**', 'tests/native/**'],
    pool: 'forks',
    maxWorkers: '100%',
    sequence: { groupOrder: 0 },
  },
};

/** Tests in a page, one page at a time: a graphics card in software has no time for two. */
const browser = (executablePath: string): TestProjectConfiguration => ({
  extends: true,
  resolve: { conditions: [source, 'module', 'browser', 'development|production'] },
  // Cross-origin isolated, so that WebAssembly may have threads.
  server: {
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  },
  test: {
    name: 'browser',
    include: ['packages/*/test/browser/**/*.test.ts'],
    fileParallelism: false,
    sequence: { groupOrder: 1 },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath, args: [...chromiumFlags] } }),
      instances: [{ browser: 'chromium' }],
    },
  },
});

/** Tests in Node of native engines and programs: TensorFlow's library, Vulkan, a browser that is driven. */
const native: TestProjectConfiguration = {
  extends: true,
  test: {
    name: 'native',
    include: ['packages/*/test/native/**/*.test.ts', 'tests/native/**/*.test.ts'],
    env: vulkanEnvironment(),
    pool: 'forks',
    fileParallelism: false,
    sequence: { groupOrder: 1 },
  },
};

const chromium = findChromium();
const lacking = missingForNative();
if (chromium === undefined) {
  notRun('in a page', ['Chromium (apt-get install chromium, or its path in PATCHBERT_CHROMIUM)']);
}
if (lacking.length > 0) notRun('of native engines', lacking);

/** Nothing is left out in silence; where continuous integration runs, nothing is left out at all. */
function notRun(which: string, needed: readonly string[]): void {
  const message = `The tests ${which} do not run: this machine lacks ${needed.join(' and ')}.`;
  if (process.env.CI) throw new Error(message);
  console.warn(`\n  ${message}\n`);
}

export default defineConfig({
  resolve: { conditions: [source] },
  ssr: { resolve: { conditions: [source] } },
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      node,
      ...(chromium === undefined ? [] : [browser(chromium)]),
      ...(lacking.length > 0 ? [] : [native]),
    ],
  },
});
