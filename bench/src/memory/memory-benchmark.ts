import { startBackend } from '@patchbert/backend';
import { adapters as engines } from '@patchbert/command-line';
import { adamW, constant, fit } from '@patchbert/train';
import * as tf from '@tensorflow/tfjs-core';
import { type StepSize, stepProblem } from '../step/problem.ts';
import { formatTable } from '../table.ts';

/** Runs many steps of `fit` in this process and prints tensors, their bytes and resident memory along the way. */
export async function memoryBenchmark(engine: string, steps: number, size: StepSize): Promise<void> {
  const backend = await startBackend(engines, engine);
  const { step, signature, state, batch } = stepProblem('all-patches', size);
  const program = await backend.compile(step, signature);
  await program.writeState(state);
  const rows: string[][] = [];
  const every = Math.max(1, Math.floor(steps / 10));
  const note = (step: number) => {
    if (step !== 1 && step % every !== 0) return;
    const { numTensors, numBytes } = tf.memory();
    const { rss, heapUsed } = process.memoryUsage();
    const megabytes = [rss, heapUsed].map((bytes) => (bytes / 2 ** 20).toFixed(0));
    rows.push([String(step), String(numTensors), String(numBytes), ...megabytes]);
  };
  await fit({
    program,
    optimiser: adamW({ weightDecay: 0 }),
    schedule: constant(1e-3),
    firstStep: 1,
    lastStep: steps,
    makeBatch: () => batch,
    onStep: ({ step }) => note(step),
  });
  console.log(formatTable(['step', 'tensors', 'bytes in tensors', 'resident MB', 'heap MB'], rows));
  console.log(`peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
  await backend.dispose();
}
