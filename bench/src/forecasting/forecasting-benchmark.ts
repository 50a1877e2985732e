import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBackend } from '@patchbert/backend';
import { adapters as engines } from '@patchbert/command-line';
import { fitForecaster, type HorizonResult } from '@patchbert/forecast';
import { formatTable } from '../table.ts';
import { openTask } from './open-task.ts';
import { pretrained } from './pretrained.ts';

export interface ForecastingOptions {
  readonly data: string;
  readonly dataDir?: string;
  readonly seeds: number;
}

/** The default recipe, seed after seed: pretraining, all published horizons, every test window. */
export async function forecastingBenchmark({
  data: name,
  dataDir,
  seeds,
}: ForecastingOptions): Promise<void> {
  const { data, horizons } = await openTask(name, dataDir);
  const backend = await startBackend(engines, 'onnx-cpu');
  const folder = await mkdtemp(join(tmpdir(), 'patchbert-bench-'));
  const runs: (readonly HorizonResult[])[] = [];
  try {
    for (let seed = 0; seed < seeds; seed++) {
      const checkpoint = join(folder, `pretraining-${seed}`);
      const pretraining = await pretrained(backend, name, data, seed, checkpoint);
      const { results, seconds } = await fitForecaster({
        config: { horizons: [...horizons], seed },
        data,
        checkpoint,
        backend,
        folder: join(folder, `forecaster-${seed}`),
      });
      runs.push(results);
      const evaluating = results.map((result) => result.seconds.toFixed(1)).join(', ');
      console.log(
        `seed ${seed}: pretraining ${pretraining.toFixed(0)} s, heads and evaluation ${seconds.toFixed(0)} s (test windows ${evaluating} s), ` +
          `peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`,
      );
      console.log(textOf([results]));
    }
    if (seeds > 1) {
      console.log(`mean of ${seeds} seeds`);
      console.log(textOf(runs));
    }
  } finally {
    await backend.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A row per method, MSE/MAE per horizon and over all horizons, averaged over runs. */
function textOf(runs: readonly (readonly HorizonResult[])[]): string {
  const [first] = runs;
  const header = ['MSE/MAE', ...first!.map(({ horizon }) => String(horizon)), 'mean'];
  const methods = first![0]!.methods.map(({ method }) => method);
  const score = (method: string, h: number, what: 'mse' | 'mae') =>
    mean(runs.map((run) => run[h]!.methods.find((one) => one.method === method)!.scores[what]));
  const rows = methods.map((method) => {
    const cells = first!.map((_, h) => [score(method, h, 'mse'), score(method, h, 'mae')] as const);
    const all = [mean(cells.map(([mse]) => mse)), mean(cells.map(([, mae]) => mae))] as const;
    return [method, ...[...cells, all].map(([mse, mae]) => `${mse.toFixed(4)}/${mae.toFixed(4)}`)];
  });
  return formatTable(header, rows);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
