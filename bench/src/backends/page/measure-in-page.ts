import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright';
import { build, preview } from 'vite';
import type { MeasuredBackend, Measurements, UnmeasuredBackend } from '../measured-backend.ts';
import type { MeasuringPage } from './page.ts';

export interface PageOptions {
  /** Where the measurements go, for `bench -- backends --with`. */
  readonly json: string;
  /** Chromium or Chrome. */
  readonly browser: string;
  /** A graphics card in software works on any machine and says nothing about speed. */
  readonly graphics: 'software' | 'hardware';
  /** Only backends whose name contains this. */
  readonly only?: string;
}

const flags = ['--no-sandbox', '--enable-unsafe-webgpu', '--enable-features=Vulkan', '--no-first-run'];
const softwareFlags = [
  '--use-webgpu-adapter=swiftshader',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

/** A backend that hangs must not take the others with it. */
const mostMilliseconds = 20 * 60_000;

/** Threads of WebAssembly need a page that shares nothing with others. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Measures the backends that run in a page, each in a page of its own, and writes what came out. */
export async function measureInPage({
  json,
  browser: executablePath,
  graphics,
  only,
}: PageOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbert-bench-page-'));
  try {
    await buildPage(folder);
    const server = await preview({
      root: tmpdir(),
      configFile: false,
      build: { outDir: folder },
      preview: { headers },
      logLevel: 'warn',
    });
    const args = graphics === 'software' ? [...flags, ...softwareFlags] : flags;
    const browser = await chromium.launch({ executablePath, args });
    try {
      const address = `${server.resolvedUrls!.local[0]}page/index.html`;
      const measurements = await measureAll(browser, address, only ?? '', graphics);
      writeFileSync(json, `${JSON.stringify(measurements, null, 2)}\n`);
    } finally {
      await browser.close();
      await server.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function buildPage(outDir: string): Promise<void> {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const input = join(root, 'page/index.html');
  const options = {
    ...{ outDir, emptyOutDir: true, target: 'esnext', rolldownOptions: { input } },
    // tfjs-wasm hands its workers a function as text: with shortened names its threads never start.
    minify: false,
  } as const;
  await build({ root, configFile: false, logLevel: 'error', build: options });
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('@patchbert/backend-wasm'));
  const files = dirname(resolve('@tensorflow/tfjs-backend-wasm'));
  cpSync(files, join(outDir, 'wasm'), {
    recursive: true,
    filter: (path) => path === files || path.endsWith('.wasm'),
  });
}

async function measureAll(
  browser: Browser,
  address: string,
  only: string,
  graphics: PageOptions['graphics'],
): Promise<Measurements> {
  const measured: MeasuredBackend[] = [];
  const unmeasured: UnmeasuredBackend[] = [];
  const { names, baseline, renderer } = await inNewPage<PageFacts>(browser, address, aboutPage);
  for (const name of names.filter((one) => one.includes(only))) {
    process.stderr.write(`measuring ${name} in a page ...\n`);
    const result = await inNewPage<MeasuredBackend | UnmeasuredBackend>(
      browser,
      address,
      `measuringPage.measure(${JSON.stringify(name)})`,
    ).catch((error: Error): UnmeasuredBackend => ({ name, reason: error.message.split('\n')[0]! }));
    if ('reason' in result) unmeasured.push(result);
    else measured.push(result);
  }
  const engines = [...new Set(measured.map(({ engine }) => engine))].join('; ');
  const processors = cpus();
  return {
    format: 'patchbert-backend-measurements',
    machine:
      `a page in Chromium ${browser.version()} on ${processors.length} x ${processors[0]?.model.trim() ?? 'unknown'}, ` +
      `graphics in ${graphics}: ${renderer} (${engines})`,
    date: new Date().toISOString().slice(0, 10),
    baseline,
    measured,
    unmeasured,
  };
}

interface PageFacts extends Omit<MeasuringPage, 'measure'> {
  readonly renderer: string;
}

/** Runs in the page; text, for the types of a page are not those of Node. */
const aboutPage = `(() => {
  const { names, baseline } = measuringPage;
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  return { names, baseline, renderer: gl?.getParameter(gl.RENDERER) ?? 'none' };
})()`;

async function inNewPage<Result>(browser: Browser, address: string, script: string): Promise<Result> {
  const page = await browser.newPage();
  try {
    await page.goto(address);
    await page.waitForFunction('"measuringPage" in globalThis');
    const late = wait(mostMilliseconds, undefined, { ref: false }).then(() => {
      throw new Error(`no answer within ${mostMilliseconds / 60_000} minutes.`);
    });
    return (await Promise.race([page.evaluate(script), late])) as Result;
  } finally {
    await page.close();
  }
}
