import { build } from './build.mjs';
import { runPnpm } from './install.mjs';
import { runTool } from './run-tool.mjs';

/** Everything that must hold before a change is done, cheapest first; the tests come last. */
const steps = [
  ['format and lint', () => installed('biome', 'check', '--error-on-warnings', '.')],
  ['types', () => installed('tsc', '-b', 'tsconfig.json')],
  ['types of the tests', () => installed('tsc', '-p', 'tsconfig.tests.json')],
  ['unused code and dependencies', () => installed('knip')],
  ['manifests', () => installed('sherif', '--fail-on-warnings')],
  ['packages as published', () => turbo('check:package')],
];

/**
 * `npm test` runs every step and ends at the first failure; `npm test -- packages/ops` runs only the tests that the
 * arguments, passed on to vitest, select.
 */
export async function check(args) {
  if (args.length > 0) {
    await build('tsconfig.json');
  } else {
    for (const [name, run] of steps) {
      const start = performance.now();
      const { code, output } = await run();
      report(code, name, start);
      if (code !== 0) {
        console.error(`\n${output}`);
        process.exit(code);
      }
    }
  }
  const start = performance.now();
  const { code } = await runTool('vitest', ['run', ...args], { local: true });
  report(code, 'tests', start);
  process.exitCode = code;
}

function installed(tool, ...args) {
  return runTool(tool, args, { local: true, capture: true });
}

/** turbo calls pnpm, so it runs below the pinned one. */
function turbo(task) {
  const args = ['exec', 'turbo', 'run', task, '--output-logs=errors-only', '--ui=stream'];
  return runPnpm(args, { capture: true });
}

function report(code, name, start) {
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${code === 0 ? '✓' : '✗'} ${name.padEnd(30)} ${seconds.padStart(6)} s`);
}
