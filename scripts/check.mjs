import { build } from './build.mjs';
import { runTool } from './run-tool.mjs';

/** Everything that must hold before a change is done, cheapest first; the tests come last. */
const steps = [
  { name: 'format and lint', tool: 'biome', args: ['check', '--error-on-warnings', '.'] },
  { name: 'types', tool: 'tsc', args: ['-b', 'tsconfig.json'] },
  { name: 'types of the tests', tool: 'tsc', args: ['-p', 'tsconfig.tests.json'] },
  { name: 'unused code and dependencies', tool: 'knip', args: [] },
  { name: 'manifests', tool: 'sherif', args: ['--fail-on-warnings'] },
  {
    name: 'packages as published',
    tool: 'turbo',
    args: ['run', 'check:package', '--output-logs=errors-only', '--ui=stream'],
  },
];

/**
 * `npm test` runs every step and ends at the first failure; `npm test -- packages/ops` runs only the tests that the
 * arguments, passed on to vitest, select.
 */
export async function check(args) {
  if (args.length > 0) {
    await build('tsconfig.json');
  } else {
    for (const step of steps) {
      await runStep(step);
    }
  }
  const start = performance.now();
  const { code } = await runTool('vitest', ['run', ...args], { local: true });
  if (args.length === 0) {
    report(code === 0, 'tests', start);
  }
  process.exitCode = code;
}

async function runStep({ name, tool, args }) {
  const start = performance.now();
  const { code, output } = await runTool(tool, args, { local: true, capture: true });
  report(code === 0, name, start);
  if (code !== 0) {
    console.error(`\n${output}\n\`${[tool, ...args].join(' ')}\` failed.`);
    process.exit(1);
  }
}

function report(passed, name, start) {
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${passed ? '✓' : '✗'} ${name.padEnd(30)} ${seconds.padStart(6)} s`);
}
