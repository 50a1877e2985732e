import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { torture } from './torture.ts';

/** `torture`: kills a pretraining run again and again; the exit code is 1 when anything was lost, doubled or changed by it. */
export async function tortureCommand({
  kills,
  seed,
}: {
  readonly kills: number;
  readonly seed: number;
}): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbert-torture-'));
  const program = fileURLToPath(new URL('../../../apps/pretrain/dist/main.js', import.meta.url));
  const start = performance.now();
  const result = await torture({
    program,
    folder,
    kills,
    steps: 200,
    seed,
    onProgress: (line) => console.error(line),
  });
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(`
${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}
kills                             ${result.kills} in ${seconds} s, seed ${seed}
  in the middle of a save         ${result.inSave}
  before a first checkpoint       ${result.withoutCheckpoint}
newest checkpoint afterwards
  the newest that was announced   ${result.announced}
  a newer one, complete as well   ${result.newer}
runs finished and compared        ${result.runs}
violations                        ${result.violations.length}`);
  for (const violation of result.violations) console.log(`  ${violation}`);
  if (result.violations.length > 0) {
    console.log(`the folder is kept: ${folder}`);
    process.exitCode = 1;
  } else rmSync(folder, { recursive: true, force: true });
}
