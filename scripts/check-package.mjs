/**
 * Packs the package in the working directory as it would be published and checks the tarball: publint for its manifest
 * and files, attw for its types. Run by turbo, which remembers packages that have not changed.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool } from './run-tool.mjs';

const folder = mkdtempSync(join(tmpdir(), 'patchbert-pack-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

await run('pnpm', ['--dir', process.cwd(), 'pack', '--pack-destination', folder]);
const [tarball] = readdirSync(folder).map((name) => join(folder, name));
await run('publint', ['--strict', tarball], true);
await run('attw', ['--profile', 'esm-only', tarball], true);

async function run(tool, args, local = false) {
  const { code, output } = await runTool(tool, args, { local, capture: true });
  if (code !== 0) {
    console.error(output);
    process.exit(code);
  }
}
