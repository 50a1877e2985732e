import { startBackend } from '@patchbert/backend';
import { adapters as engines } from '@patchbert/command-line';
import * as tf from '@tensorflow/tfjs-core';
import { stepProblem } from '../step/problem.ts';
import { formatTable } from '../table.ts';

/** Runs many steps in this process and prints tensors and resident memory along the way. */
export async function memoryBenchmark(engine: string, steps: number): Promise<void> {
  const backend = await startBackend(engines, engine);
  const { step, signature, state, batch } = stepProblem('all-patches');
  const program = await backend.compile(step, signature);
  await program.writeState(state);
  const rows: string[][] = [];
  for (let index = 0; index <= steps; index++) {
    if (index > 0) await program.run(batch);
    if (index % Math.max(1, Math.floor(steps / 10)) === 0) {
      const resident = process.memoryUsage().rss / 2 ** 20;
      rows.push([String(index), String(tf.memory().numTensors), resident.toFixed(0)]);
    }
  }
  console.log(formatTable(['step', 'tensors', 'resident MB'], rows));
  console.log(`peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
  await backend.dispose();
}
