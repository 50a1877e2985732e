import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend } from '@patchbert/backend';
import { stackFrames } from '@patchbert/data';
import { parseConfig } from '@patchbert/errors';
import type { AuditFinding } from '@patchbert/evaluation';
import { float32Tensor } from '@patchbert/ops';
import { describe, expect, it } from 'vitest';
import { auditForecaster } from '../src/audit/audit-forecaster.ts';
import { forecastConfigSchema, loadForecaster } from '../src/index.ts';
import { readForecaster } from '../src/store/read-forecaster.ts';
import type { ForecastTask } from '../src/task/forecast-task.ts';
import { prepareTask } from '../src/task/prepare-task.ts';
import {
  CONTEXT,
  fitTiny,
  HORIZON,
  readJsonFile,
  refusal,
  type TinyFitOptions,
  temporaryFolder,
  testBackend,
  waves,
  withColumns,
} from './support/tiny-forecaster.ts';

const frame = waves();
const gappy = withColumns(frame, (column, c) =>
  column.map((value, i) => ((i + c) % 13 === 0 ? Number.NaN : value)),
);

const places = ['north', 'south', 'west', 'east'].map((name, seed) =>
  waves({ name, rows: 220 + seed, seed }),
);
const panel = stackFrames(places, { name: 'places' });

describe('the audit of a fit', () => {
  const training = { steps: 3, validateEvery: 3 };
  it.each<readonly [string, TinyFitOptions]>([
    ['of ridge heads', {}],
    ['of two horizons', { config: { horizons: [3, 9] } }],
    ['of a linear model', { config: { linearWeight: 1 } }],
    ['of a network', { config: { adapt: 'fine-tune', training } }],
    [
      'of heads per channel',
      { config: { adapt: 'linear-probe', training, head: { channels: 'per-channel' } } },
    ],
    ['with gaps', { data: { frame: gappy } }],
    ['with covariates and calendar', { config: { covariates: ['heat'], calendar: true } }],
    ['of a panel', { data: panel }],
    ['of a panel with covariates', { data: panel, config: { covariates: ['heat'] } }],
    ['of one target', { config: { mode: 'univariate', target: 'flow' } }],
  ])('%s passes, and stands in the receipt', async (_title, options) => {
    const { receipt, folder } = await fitTiny({ ...options, audit: true });
    const findings = receipt.audit!;
    expect(findings.filter(({ passed }) => !passed)).toEqual([]);
    const horizons = options.config?.horizons ?? [HORIZON];
    for (const horizon of horizons) {
      expect(findings.some(({ check }) => check.startsWith(`horizon ${horizon}: rows to come + 1e6`))).toBe(
        true,
      );
    }
    expect(findings.filter(({ check }) => check.includes('control')).length).toBe(horizons.length + 2);
    expect(JSON.parse(readFileSync(join(folder, 'receipt.json'), 'utf8')).audit).toEqual(findings);
  });

  it('tries an early and a late window, and several recordings', async () => {
    const windows = async (options: TinyFitOptions) => {
      const { receipt } = await fitTiny({ ...options, audit: true });
      return receipt.audit!.find(({ check }) => check.endsWith('rows to come missing'))!.detail;
    };
    expect(await windows({})).toContain('2 windows');
    expect(await windows({ data: panel })).toContain('4 windows');
  });

  it('finds the scales of covariates among what test rows do not move', async () => {
    const { receipt } = await fitTiny({ config: { covariates: ['heat'] }, audit: true });
    const control = receipt.audit!.find(({ check }) => check.includes('training rows + 1e6'))!;
    expect(control.detail).toContain('scales of covariates moved');
  });

  it('changes nothing', async () => {
    const plain = await fitTiny();
    const audited = await fitTiny({ audit: true });
    expect(audited.results.map(({ methods }) => methods)).toEqual(
      plain.results.map(({ methods }) => methods),
    );
    const forecaster = await loadForecaster(audited.folder, await testBackend());
    expect((await forecaster.evaluate({ frame }))[0]!.methods).toEqual(plain.results[0]!.methods);
  });
});

describe('a forecaster that did not pass its audit', () => {
  /** An engine that never gives the same forecast twice: whatever is compared moves. */
  async function restlessBackend(): Promise<Backend> {
    const backend = await testBackend();
    let runs = 0;
    return {
      ...backend,
      compile: async (step, signature) => {
        const program = await backend.compile(step, signature);
        return {
          ...program,
          run: async (batch) => {
            const outputs = await program.run(batch);
            if (!outputs.linear) return outputs;
            const { data, shape } = outputs.linear;
            const shift = 1e-3 * ++runs;
            return {
              ...outputs,
              linear: float32Tensor(
                Float32Array.from(data, (one) => one + shift),
                shape,
              ),
            };
          },
        };
      },
    };
  }

  it('cannot be opened; the receipt keeps the evidence', async () => {
    const folder = join(temporaryFolder(), 'forecaster');
    const error = await refusal(
      fitTiny({ folder, audit: true, backend: await restlessBackend(), config: { linearWeight: 1 } }),
    );
    expect(error).toMatchObject({ code: 'forecast/leak' });
    expect(error.message).toContain('no forecaster was saved');
    const { audit } = readJsonFile<{ audit: AuditFinding[] }>(folder, 'receipt.json');
    expect(audit.some(({ passed }) => !passed)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.endsWith('.safetensors'))).toEqual([]);
    expect(await refusal(loadForecaster(folder, await testBackend()))).toMatchObject({
      code: 'forecast/no-forecaster',
    });
  });

  it.each(['stage', 'progress'] as const)(
    'as it was stopped at a %s of it is not left behind',
    async (type) => {
      const parent = temporaryFolder();
      const controller = new AbortController();
      const run = fitTiny({
        folder: join(parent, 'forecaster'),
        audit: true,
        signal: controller.signal,
        onEvent: (event) => {
          const told = event.type === 'stage' ? event.text : event.type === 'progress' ? event.what : '';
          if (event.type === type && told === 'leak audit') controller.abort();
        },
      });
      expect(await refusal(run)).toMatchObject({ code: 'forecast/interrupted' });
      expect(readdirSync(parent)).toEqual([]);
    },
  );
});

describe('a task that leaks is caught', () => {
  async function audit(
    leak: (task: ForecastTask) => ForecastTask,
    options: TinyFitOptions = {},
  ): Promise<string[]> {
    const { folder } = await fitTiny({ folder: join(temporaryFolder(), 'forecaster'), ...options });
    const { file, models } = await readForecaster(folder);
    const config = parseConfig(forecastConfigSchema, file.config, 'config');
    const { task } = prepareTask(config, options.data ?? { frame }, CONTEXT);
    const findings: AuditFinding[] = await auditForecaster(await testBackend(), leak(task), {
      models,
      config,
    });
    return findings.flatMap(({ check, passed }) => (passed ? [] : [check]));
  }

  it('(a task that does not is not)', async () => {
    expect(await audit((task) => task)).toEqual([]);
  });

  it('by training rows that reach into the test rows', async () => {
    const failed = await audit((task) => ({
      ...task,
      splits: task.splits.map((split) => ({ ...split, train: { start: 0, end: 350 } })),
    }));
    expect(failed).toEqual(['fit: test rows + 1e6', 'fit: test rows missing']);
  });

  it('by training rows of one recording among several', async () => {
    const failed = await audit(
      (task) => ({
        ...task,
        splits: task.splits.map((split, s) =>
          s === 2 ? { ...split, train: { ...split.train, end: split.test.start + 20 } } : split,
        ),
      }),
      { data: panel },
    );
    expect(failed).toEqual(['fit: test rows + 1e6', 'fit: test rows missing']);
  });
});
