import { createFrame, type Frame, type Panel, type Split, splitSegments, stackFrames } from '@patchbert/data';
import { describe, expect, it } from 'vitest';
import {
  type PretrainData,
  type PretrainEvent,
  type PretrainReceipt,
  readPretrainedRows,
  summariseRun,
} from '../src/index.ts';
import { finalBits, prepareData, readJsonFile, tinyRun, waves } from './support/tiny-run.ts';

const lengths = [200, 61, 130];

function recordings(scale: (series: number) => number = () => 1): Frame[] {
  return lengths.map((rows, series) => {
    const frame = waves(rows);
    const columns = frame.columns.map((column) => column.map((value) => value * scale(series)));
    return createFrame({ ...frame, name: `series ${series}`, columns });
  });
}

function panelData(frames: readonly Frame[] = recordings()): PretrainData & Panel {
  return stackFrames(frames, { name: 'panel' });
}

/** Every value of the rows for which `chosen` holds becomes `value`. */
function poisoned(data: PretrainData & Panel, chosen: (row: number) => boolean, value: number): PretrainData {
  const columns = data.frame.columns.map((column) => column.map((old, row) => (chosen(row) ? value : old)));
  return { ...data, frame: createFrame({ ...data.frame, columns }) };
}

describe('pretraining on a panel', () => {
  it('takes every window from one recording and scores validation rows alone', () => {
    const data = panelData();
    const { sampler, trainGrid, splits, trainSeries, validation, plan } = prepareData(data);
    const inside = (start: number, rows: { start: number; end: number }) =>
      start >= rows.start && start + 26 <= rows.end;
    const seen = new Set<number>();
    for (let step = 0; step < sampler.stepsPerEpoch; step++) {
      for (const { segment, start } of sampler.batch(step)) {
        seen.add(segment);
        expect(inside(start, splits[segment]!.train)).toBe(true);
      }
    }
    expect([...seen].sort()).toEqual([0, 1, 2]);
    const windows = splits.map(({ train }) => train.end - train.start - 26 + 1);
    expect(trainSeries).toBe(2 * windows.reduce((sum, count) => sum + count));
    expect(trainGrid.segments).toEqual(splits.map(({ train }) => train));

    for (const { samples, inputs } of validation.batches) {
      samples.forEach(({ segment, start }) => {
        const upTo = { start: data.segments[segment]!.start, end: splits[segment]!.validation.end };
        expect(inside(start, upTo)).toBe(true);
      });
      inputs.lossWeight!.data.forEach((weight, i) => {
        if (weight === 0) return;
        const { segment, start } = samples[Math.floor(i / 24)]!;
        const row = start + plan.layout.dropped + (i % 24);
        expect(row).toBeGreaterThanOrEqual(splits[segment]!.validation.start);
        expect(row).toBeLessThan(splits[segment]!.validation.end);
      });
    }
  });

  it('is what it was for a single recording', () => {
    const frame = waves();
    const segments = [{ id: 'only', start: 0, end: frame.length }];
    const [alone, panel] = [prepareData({ frame }), prepareData({ frame, segments })];
    expect(panel.trainingBatch(1)).toEqual(alone.trainingBatch(1));
    expect(panel.validation).toEqual(alone.validation);
    const split = alone.splits[0]!;
    expect(prepareData({ frame, split }).splits).toEqual(prepareData({ frame, splits: [split] }).splits);
  });

  it('gives every recording its own units', () => {
    const [plain, mixed] = [panelData(), panelData(recordings((series) => 2 ** (10 * series)))];
    expect(prepareData(mixed).trainingBatch(1)).toEqual(prepareData(plain).trainingBatch(1));
  });

  it('leaves a receipt with every recording, and never reads test rows', async () => {
    const events: PretrainEvent[] = [];
    const data = panelData();
    const clean = await tinyRun({ data, onEvent: (event) => events.push(event) });
    const splits = splitSegments(data.segments);
    const receipt = readJsonFile<PretrainReceipt>(clean.runFolder, 'receipt.json');
    expect(receipt.split).toBeUndefined();
    expect(receipt.recordings).toEqual(
      data.segments.map((segment, s) => ({ ...segment, split: splits[s]! })),
    );
    expect(receipt.normalisation.scalerRows).toEqual(splits.map(({ train }) => train));
    expect((await readPretrainedRows(clean.runFolder))?.train).toEqual(splits.map(({ train }) => train));
    const trainRows = splits.reduce((sum, { train }) => sum + train.end - train.start, 0);
    expect(events[0]).toMatchObject({ type: 'prepared', recordings: 3, trainRows });
    const summary = await summariseRun(clean.runFolder);
    expect(summary.data).toMatchObject({ name: 'panel', rows: 391, trainRows });
    for (const { title } of summary.gallery) expect(title).toMatch(/^series \d, (fast|slow) from row \d+$/);

    const isTest = (row: number) => splits.some(({ test }) => row >= test.start && row < test.end);
    const spoilt = await tinyRun({ data: poisoned(data, isTest, 1e9) });
    expect(finalBits(spoilt)).toEqual(finalBits(clean));
    expect(spoilt.evaluation).toEqual(clean.evaluation);
  });

  it('continues only with the same recordings', async () => {
    const data = panelData();
    const { runFolder } = await tinyRun({ data, stopAfter: 2 });
    const [first, second, third] = data.segments;
    const renamed = [first!, { ...second!, id: 'other' }, third!];
    await expect(
      tinyRun({ runFolder, resume: true, data: { ...data, segments: renamed } }),
    ).rejects.toMatchObject({
      code: 'train/resume-mismatch',
    });
    const resumed = await tinyRun({ runFolder, resume: true, data });
    expect(finalBits(resumed)).toEqual(finalBits(await tinyRun({ data })));
  });

  it('names the series that are too short, and the context that would fit', () => {
    const data = panelData();
    expect(() => prepareData(data, { contextLength: 50 })).toThrowError(
      expect.objectContaining({
        code: 'data/too-few-rows',
        message:
          'pretrain: the training rows of 1 of 3 series of "panel" hold no window of contextLength 50: "series 1" (42 rows). ' +
          'Leave them out, or use a contextLength of 42 or less.',
      }),
    );
    const many = panelData(
      Array.from({ length: 9 }, (_, i) => createFrame({ ...waves(20 + i), name: `s${i}` })),
    );
    expect(() => prepareData(many)).toThrow(/9 of 9 series .*"s4" \(16 rows\), 4 more\. .* of 14 or less/);
    const two = panelData([...recordings(), createFrame({ ...waves(2), name: 'stub' })]);
    expect(() => prepareData(two)).toThrow('series "stub": ratioSplit: 2 rows are too few');
  });

  it('names a series without values, and refuses splits of other series', () => {
    const data = panelData();
    const silent = poisoned(data, (row) => row >= 200 && row < 261, Number.NaN);
    expect(() => prepareData(silent)).toThrow(/channel "fast" of "series 1" has no value in rows 200 to 242/);
    const splits = splitSegments(data.segments);
    const [first, second, third] = splits;
    expect(() => prepareData({ ...data, split: first! })).toThrow('1 splits for 3 series');
    expect(() => prepareData({ ...data, splits: [first!, third!, second!] })).toThrowError(
      expect.objectContaining({ code: 'train/bad-split', message: expect.stringContaining('"series 1"') }),
    );
  });

  it('refuses to validate on test rows or on training rows', () => {
    const data = panelData();
    const splits = splitSegments(data.segments);
    const [{ train, test }] = splits as [Split];
    for (const validation of [test, train, { start: test.start - 5, end: test.start + 5 }]) {
      const given = splits.map((split, s) => (s === 0 ? { ...split, validation } : split));
      expect(() => prepareData({ ...data, splits: given })).toThrowError(
        expect.objectContaining({ code: 'train/bad-split', message: expect.stringContaining('none in two') }),
      );
    }
  });
});
