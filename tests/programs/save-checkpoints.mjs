/**
 * Saves checkpoints of steps 1, 2, ... until one is refused, and prints what came of each and what can be loaded afterwards.
 *
 * save-checkpoints.mjs <folder> <last step> <values of each> [nobody | killed-before-rename]
 */
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

const [folder, count, values, manner] = process.argv.slice(2);
const { latestCheckpoint, saveCheckpoint } = await import('../../packages/train/dist/index.js');

/** The user that owns nothing, so that modes of folders hold for this process as well. */
const nobody = 65534;
if (manner === 'nobody' && process.getuid() === 0) {
  process.setgid(nobody);
  process.setuid(nobody);
}

for (let step = 1; step <= Number(count); step++) {
  if (manner === 'killed-before-rename' && step === Number(count)) dieBeforeRename();
  const data = new Float32Array(Number(values)).fill(step);
  const tensor = { dtype: 'float32', shape: [data.length], data };
  const facts = { config: {}, model: {}, backend: 'none', engine: 'none', dataFingerprint: 'none' };
  try {
    await saveCheckpoint(folder, {
      step,
      parameters: { weight: tensor },
      optimiser: { mean: tensor },
      facts,
    });
    print({ saved: step });
  } catch ({ code, message, cause }) {
    print({ refused: step, code, cause: cause?.code, message });
    break;
  }
}
const latest = await latestCheckpoint(folder);
print({
  loads: latest?.checkpoint.step,
  first: latest?.checkpoint.parameters.weight.data[0],
  skipped: latest?.skipped.length,
  names: await promises.readdir(folder),
});

function dieBeforeRename() {
  const { rename } = promises;
  promises.rename = (from, to) => {
    if (basename(from).startsWith('.tmp-save')) process.kill(process.pid, 'SIGKILL');
    return rename(from, to);
  };
  syncBuiltinESMExports();
}

function print(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
