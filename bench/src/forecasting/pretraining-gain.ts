import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBackend } from '@patchbert/backend';
import { adapters as engines } from '@patchbert/command-line';
import { type ForecastConfigInput, fitForecaster } from '@patchbert/forecast';
import { formatTable } from '../table.ts';
import { openTask } from './open-task.ts';
import { pretrained } from './pretrained.ts';

export interface GainOptions {
  readonly data: string;
  readonly dataDir?: string;
  readonly horizon: number;
  readonly steps: number;
  readonly seed: number;
}

interface Variant {
  readonly name: string;
  readonly pretrained: boolean;
  readonly adapt: NonNullable<ForecastConfigInput['adapt']>;
}

const variants: readonly Variant[] = [
  { name: 'frozen, pretrained', pretrained: true, adapt: 'ridge' },
  { name: 'frozen, random', pretrained: false, adapt: 'ridge' },
  { name: 'fine-tuned, pretrained', pretrained: true, adapt: 'fine-tune' },
  { name: 'scratch, same steps', pretrained: false, adapt: 'scratch' },
];

/** What pretraining is worth: the network alone, pretrained against not, on all and on 5 % of the training windows. */
export async function pretrainingGain({
  data: name,
  dataDir,
  horizon,
  steps,
  seed,
}: GainOptions): Promise<void> {
  const { data } = await openTask(name, dataDir);
  const backend = await startBackend(engines, 'onnx-cpu');
  const folder = await mkdtemp(join(tmpdir(), 'patchbert-bench-'));
  try {
    const checkpoint = join(folder, 'pretraining');
    await pretrained(backend, name, data, seed, checkpoint);
    const rows: string[][] = [];
    for (const variant of variants) {
      const scores: string[] = [];
      let total = 0;
      for (const trainFraction of [1, 0.05]) {
        const { results, seconds } = await fitForecaster({
          config: {
            horizons: [horizon],
            adapt: variant.adapt,
            linearWeight: 0,
            trainFraction,
            training: { steps },
            seed,
          },
          data,
          checkpoint: variant.pretrained ? checkpoint : 'random',
          backend,
          folder: join(folder, `${variant.name}-${trainFraction}`),
        });
        const { mse, mae } = results[0]!.methods[0]!.scores;
        scores.push(`${mse.toFixed(4)}/${mae.toFixed(4)}`);
        total += seconds;
      }
      rows.push([variant.name, ...scores, total.toFixed(0)]);
      console.log(rows.at(-1)!.join('  '));
    }
    console.log(`${name}, horizon ${horizon}, ${steps} gradient steps, seed ${seed}`);
    console.log(formatTable(['network alone, test MSE/MAE', 'all windows', '5 % of them', 'seconds'], rows));
  } finally {
    await backend.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}
