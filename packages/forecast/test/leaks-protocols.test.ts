import { join } from 'node:path';
import {
  borderSplit,
  ettSplit,
  type Frame,
  type Panel,
  ratioSplit,
  type Split,
  splitSegments,
  stackFrames,
} from '@patchbert/data';
import { datasetSplit, standardDatasets } from '@patchbert/datasets';
import { type AuditFinding, auditLeaks, type LeakTrial, type RunResults } from '@patchbert/evaluation';
import { describe, expect, it } from 'vitest';
import { type FitForecasterOptions, type ForecastData, fitForecaster } from '../src/index.ts';
import { readForecaster } from '../src/store/read-forecaster.ts';
import { panelOfData } from '../src/task/prepare-task.ts';
import {
  CONTEXT,
  HORIZON,
  temporaryFolder,
  testBackend,
  tinyCheckpoint,
  waves,
  withColumns,
} from './support/tiny-forecaster.ts';

interface Protocol {
  readonly data: ForecastData;
  /** The same parts, in rows of the stacked frame: what the audit perturbs. */
  readonly splits: readonly Split[];
  readonly config?: FitForecasterOptions['config'];
}

const frame = waves({ channels: ['load', 'flow'] });
const panel = stackFrames(
  ['north', 'south', 'west'].map((name, seed) => waves({ name, rows: 220 + seed, seed, channels: ['load'] })),
  { name: 'places' },
);
const hourly = waves({ rows: 14_400, channels: ['load'] });
const few = { ridge: { mostLinearRows: 400 }, linearWeight: 1, batchSize: 512 };

const ofFrame = (data: Frame, split: Split, config: Protocol['config'] = {}): Protocol => ({
  data: { frame: data, split },
  splits: [split],
  config,
});
const ofPanel = ({ frame: data, segments }: Panel, splits: readonly Split[]): Protocol => ({
  data: { frame: data, segments, splits },
  splits,
});

/** By name; kinds of split of standard data sets have the name of their kind. */
const protocols: Readonly<Record<string, Protocol>> = {
  ett: ofFrame(hourly, ettSplit(1, hourly.length), few),
  ratio: ofFrame(frame, ratioSplit(frame.length, { train: 0.5, validation: 0.2 })),
  borders: ofFrame(frame, borderSplit({ trainEnd: 240, validationEnd: 300, testEnd: 380 })),
  'several recordings': ofPanel(panel, splitSegments(panel.segments)),
  'one target among channels': ofFrame(frame, ratioSplit(frame.length), { target: 'flow' }),
  'a covariate': ofFrame(frame, ratioSplit(frame.length), { covariates: ['flow'] }),
  'a network that is chosen on validation rows': ofFrame(frame, ratioSplit(frame.length), {
    adapt: 'fine-tune',
    training: { steps: 4, validateEvery: 2, batchSize: 8 },
  }),
  'a network with quantiles': ofFrame(frame, ratioSplit(frame.length), {
    adapt: 'linear-probe',
    training: { steps: 2, validateEvery: 2, batchSize: 8, loss: 'quantile' },
  }),
};

/** Everything that a fit learns and chooses, and what it scores. */
async function audit({ data, splits, config }: Protocol, scaledBy?: 'everything') {
  const run = async (columns: readonly Float32Array[]): Promise<RunResults> => {
    const changed = withColumns(data.frame, (_, c) => columns[c]!);
    const folder = join(temporaryFolder(), 'forecaster');
    const { results, receipt } = await fitForecaster({
      data: { ...data, frame: changed },
      checkpoint: await tinyCheckpoint(),
      backend: await testBackend(),
      folder,
      config: { horizons: [HORIZON], batchSize: 64, seasonalPeriod: 24, ...config },
    });
    const { file, models } = await readForecaster(folder);
    const { network, linear, residuals } = models[0]!;
    const units = scaledBy === 'everything' ? columns.map((column) => Math.max(...column)) : file.units.scale;
    return {
      network: Object.values(network?.parameters ?? {}).flatMap((one) => [...one.data]),
      linear: [...(linear?.weight.data ?? []), ...(linear?.bias.data ?? [])],
      quantiles: residuals?.values ?? [],
      units: [...file.units.mean, ...units],
      choices: receipt.selection.choices.flatMap((choice) =>
        Object.values(choice).filter((value) => typeof value === 'number'),
      ),
      scores: results[0]!.methods.flatMap(({ scores }) => [scores.mse, scores.mae]),
    };
  };
  return auditLeaks({ run, columns: data.frame.columns, trials: trialsOf(data, splits) });
}

/** Where a covariate is known beforehand, its values of the test rows are part of what is scored, not of what is learned. */
function trialsOf(data: ForecastData, splits: readonly Split[]): readonly LeakTrial[] {
  const { segments } = panelOfData(data);
  const cells = (mark: (split: Split, end: number) => { readonly start: number; readonly end: number }) =>
    data.frame.columns.map(({ length }) => {
      const marks = new Uint8Array(length);
      splits.forEach((split, s) => {
        const { start, end } = mark(split, segments[s]!.end);
        marks.fill(1, start, end);
      });
      return marks;
    });
  const learned = ['network', 'linear', 'quantiles', 'units', 'choices'];
  return [
    {
      what: 'test rows and later ones',
      // Only half of them are changed: what is scored must still have a measured value.
      cells: cells(({ test }, end) => ({ start: test.start + CONTEXT / 2, end })),
      unmoved: learned,
      moved: ['scores'],
    },
    {
      what: 'some training rows',
      cells: cells(({ train }) => ({ start: train.end - 60, end: train.end - 30 })),
      moved: ['linear', 'units', 'scores'],
    },
  ];
}

const failed = (findings: readonly AuditFinding[]) =>
  findings.filter(({ passed }) => !passed).map(({ check, detail }) => `${check}: ${detail}`);

describe('what is learned and chosen does not see the test rows', () => {
  it('(every kind of split that a standard data set has takes part)', () => {
    const kinds = standardDatasets.flatMap((one) => (one.task === 'forecasting' ? [one] : []));
    for (const one of kinds) {
      expect(Object.keys(protocols)).toContain(one.protocol.kind);
      // Its parts stand in order and touch no row twice.
      const { train, validation, test } = datasetSplit(one, one.rows);
      expect(train.end).toBeLessThanOrEqual(validation.start);
      expect(validation.end).toBeLessThanOrEqual(test.start);
      expect(test.end).toBeLessThanOrEqual(one.rows);
    }
  });

  it.each(Object.entries(protocols))('%s', async (_name, protocol) => {
    expect(failed(await audit(protocol))).toEqual([]);
  });
});

it('a scaler fitted on everything is caught', async () => {
  const findings = await audit(protocols.ratio!, 'everything');
  expect(failed(findings).join()).toMatch(/^test rows and later ones \+ 1e6: units moved/);
});
