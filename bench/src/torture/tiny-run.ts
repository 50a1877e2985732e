import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const rows = 240;

/**
 * Writes data and configuration of a run that is small enough to be killed hundreds of times, and saves so often that many kills
 * hit a save.
 *
 * @param steps steps of the run; it is saved after each.
 */
export function writeTinyRun(folder: string, steps: number): void {
  mkdirSync(folder, { recursive: true });
  const lines = Array.from({ length: rows }, (_, i) =>
    [3 * Math.sin(i / 2) + 20, i % 41 === 7 ? '' : Math.cos(i / 7)].map((value) => `${value}`).join(','),
  );
  writeFileSync(join(folder, 'waves.csv'), ['fast,slow', ...lines, ''].join('\n'));
  const config = {
    data: { source: 'waves.csv' },
    contextLength: 26,
    patchLength: 4,
    model: {
      preset: 'tiny',
      width: 8,
      layers: 1,
      heads: 2,
      feedForwardWidth: 8,
      dropout: 0.1,
      decoder: { width: 4, heads: 1, feedForwardWidth: 4 },
    },
    batchSize: 2,
    steps,
    validateEvery: 10,
    validationSeries: 4,
    galleryWindows: 2,
    checkpointEvery: 1,
    backend: 'tfjs-cpu',
  };
  writeFileSync(join(folder, 'killed.json'), JSON.stringify(config));
  // Every checkpoint of the run that is never killed is kept, so that any of the other can be held against it.
  writeFileSync(join(folder, 'whole.json'), JSON.stringify({ ...config, keepCheckpoints: steps }));
}
