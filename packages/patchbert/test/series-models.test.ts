import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  Classifier,
  createSeriesSet,
  Forecaster,
  Regressor,
  type SeriesFitEvent,
  type SeriesFitOptions,
  type SeriesSet,
  selectSeries,
} from 'patchbert';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { atEveryCall } from '../../../tests/support/file-system-faults.ts';
import { cycle } from './support/series.ts';
import { paces, tiny, waves } from './support/whole-series.ts';

let folder = '';
let classifier: Classifier;
let regressor: Regressor;
const events: SeriesFitEvent[] = [];
const train = waves(24);
const test_ = waves(12, { first: 24 });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbert-test-'));
  classifier = await Classifier.fit(train, {
    ...tiny,
    test: test_,
    folder: join(folder, 'classifier'),
    onEvent: (event) => events.push(event),
  });
  regressor = await Regressor.fit(paces(24), { ...tiny, test: paces(12, { first: 24 }) });
});
afterAll(async () => {
  await classifier.dispose();
  await regressor.dispose();
  await rm(folder, { recursive: true });
});

describe('fit', () => {
  test('pretrains, fine-tunes, and scores once beside simple methods', () => {
    const texts = events.flatMap((event) => (event.type === 'stage' ? [event.text] : []));
    expect(texts.slice(0, 2)).toEqual(['pretraining', 'fine-tuning']);
    expect(classifier.results[0]).toMatchObject({ kind: 'ours', classes: { count: 12 } });
    expect(new Set(classifier.results.map(({ kind }) => kind))).toEqual(
      new Set(['ours', 'readout', 'probe', 'baseline']),
    );
    expect(classifier.receipt).toMatchObject({ data: { train: { series: 24 }, test: { series: 12 } } });
    expect(regressor.results[0]!.values!.count).toBe(12);
  });

  test('without test series nothing is scored', async () => {
    await using alone = await Classifier.fit(train, { ...tiny, adapt: 'ridge' });
    expect(alone.results).toEqual([]);
    expect(await alone.predict(selectSeries(train, [3]))).toHaveLength(1);
  });
});

describe('predict', () => {
  test('is the most probable class, and probabilities add up to 1', async () => {
    expect(classifier.classes).toEqual(['fast', 'slow']);
    const labels = await classifier.predict(test_);
    const rows = await classifier.predictProba(test_);
    expect(labels).toHaveLength(12);
    rows.forEach((row, i) => {
      expect(row[0]! + row[1]!).toBeCloseTo(1, 6);
      expect(labels[i]).toBe(row[0]! >= row[1]! ? 'fast' : 'slow');
    });
  });

  test('of one series is the same as among others, and twice the same', async () => {
    const [all, values] = [await classifier.predictProba(test_), await regressor.predict(test_)];
    expect(await classifier.predictProba(test_)).toEqual(all);
    for (const i of [0, 5, 11]) {
      const one = selectSeries(test_, [i]);
      expect(await classifier.predictProba(one)).toEqual([all[i]]);
      expect(await regressor.predict(one)).toEqual(values.slice(i, i + 1));
    }
  });

  test('of values is in their unit', async () => {
    const values = await regressor.predict(paces(12, { first: 24 }));
    expect(values.every((value) => value > 5 && value < 30)).toBe(true);
  });

  test('needs no labels and does not see those that are there', async () => {
    const { labels: _labels, ...rest } = test_;
    const all = await classifier.predictProba(test_);
    expect(await classifier.predictProba(createSeriesSet(rest))).toEqual(all);
  });

  test('missing points beyond the end of a series change nothing', async () => {
    const padded = createSeriesSet({
      ...test_,
      series: test_.series.map(({ id, values }) => ({
        id,
        values: values.map((column) => Float32Array.from({ length: 40 }, (_, t) => column[t] ?? Number.NaN)),
      })),
    });
    expect(await classifier.predictProba(padded)).toEqual(await classifier.predictProba(test_));
  });
});

test('the order of the training series does not change the classes', async () => {
  const reversed = selectSeries(train, train.series.map((_, i) => i).reverse());
  await using other = await Classifier.fit(reversed, { ...tiny, adapt: 'ridge' });
  expect(other.classes).toEqual(classifier.classes);
});

test('embeds into one vector per series', async () => {
  const { rows, columns, values } = await classifier.embed(test_);
  expect({ rows, length: values.length }).toEqual({ rows: 12, length: 12 * columns });
  expect(values.every(Number.isFinite)).toBe(true);
});

test('evaluates as the fit did', async () => {
  const [ours, ...readouts] = await classifier.evaluate(test_);
  expect(ours!.classes).toEqual(classifier.results[0]!.classes);
  expect(readouts.map(({ kind }) => kind)).toEqual(['readout', 'readout']);
});

describe('save and load', () => {
  test('a copy has every file and predicts the same bits, in another process too', async () => {
    const copy = join(folder, 'a', 'copy');
    await classifier.save(copy);
    expect(readdirSync(copy).sort()).toEqual(readdirSync(classifier.folder).sort());
    await using loaded = await Classifier.load(copy);
    const expected = await classifier.predictProba(test_);
    expect(await loaded.predictProba(test_)).toEqual(expected);
    expect(loaded.receipt).toEqual(classifier.receipt);
    expect(loaded.results.map(({ method }) => method)).toEqual(
      classifier.results.map(({ method }) => method),
    );
    const program = `
      import { Classifier } from 'patchbert';
      const classifier = await Classifier.load(process.argv[1]);
      const set = JSON.parse(process.argv[2]);
      const series = set.series.map(({ id, values }) => ({ id, values: values.map((v) => Float32Array.from(v, (x) => x ?? NaN)) }));
      console.log(JSON.stringify(await classifier.predictProba({ ...set, series })));
      await classifier.dispose();`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', program, copy, asJson(test_)],
      { cwd: import.meta.dirname },
    );
    expect(JSON.parse(stdout)).toEqual(expected);
  });

  test.each([{ kind: 'stops' }, { kind: 'fails from then on', code: 'ENOSPC' }] as const)(
    'a copy is whole or does not load, where every write and rename in turn $kind',
    async (fault) => {
      let copies = 0;
      // A save that stops never ends, so this one is not disposed of.
      const saved = await Classifier.load(classifier.folder);
      const faults = await atEveryCall(fault, {
        only: ['writeFile', 'rename'],
        prepare: async () => join(folder, `${fault.kind}-${copies++}`),
        run: (copy) => saved.save(copy),
        async check(copy, { calls, error, stopped }) {
          if (error !== undefined) expect(error).toMatchObject({ code: 'train/file-not-written' });
          if (error === undefined && !stopped) {
            expect(calls.filter((name) => name === 'rename')).toHaveLength(readdirSync(copy).length);
            await (await Classifier.load(copy)).dispose();
          } else await expect(Classifier.load(copy)).rejects.toThrow(code('classify/no-classifier'));
        },
      });
      expect(faults).toBeGreaterThan(10);
    },
  );

  test('a damaged file, another kind of folder and none at all are errors', async () => {
    const copy = join(folder, 'damaged');
    await classifier.save(copy);
    await writeFile(join(copy, 'member-1.safetensors'), 'x');
    await expect(Classifier.load(copy)).rejects.toThrow(code('classify/bad-classifier'));
    await expect(Classifier.load(join(folder, 'none'))).rejects.toThrow(code('classify/no-classifier'));
    await expect(Regressor.load(classifier.folder)).rejects.toThrow(code('patchbert/other-kind'));
    await expect(Classifier.load(regressor.folder)).rejects.toThrow(code('patchbert/other-kind'));
    await expect(Forecaster.load(classifier.folder)).rejects.toThrow(code('forecast/no-forecaster'));
    await expect(classifier.save(classifier.folder)).rejects.toThrow(code('train/run-folder-not-empty'));
  });
});

test('dispose removes a temporary folder, and nothing works after it', async () => {
  const short = await Classifier.fit(train, { ...tiny, adapt: 'ridge' });
  expect(existsSync(short.folder)).toBe(true);
  const predicting = short.predict(test_);
  await Promise.all([short.dispose(), short.dispose()]);
  expect(await predicting).toHaveLength(12);
  expect(existsSync(short.folder)).toBe(false);
  await expect(short.predict(test_)).rejects.toThrow(code('patchbert/disposed'));
});

test.each<readonly [string, SeriesSet, object, string, RegExp]>([
  ['a misspelt option', train, { chekpoint: 'x' }, 'config/invalid', /"checkpoint"/],
  ['a misspelt setting', train, { member: 1 }, 'config/invalid', /"members"/],
  ['a long recording', cycle('load', 300) as unknown as SeriesSet, {}, 'patchbert/bad-data', /readSeriesSet/],
  ['test series that are none', train, { test: 7 }, 'patchbert/bad-data', /test/],
  ['values where classes are wanted', paces(6), {}, 'data/no-labels', /labels/],
  ['an unknown class', train, { test: relabelled('fats') }, 'data/unknown-label', /"fats".*"fast"/],
  ['other channels', train, { test: oneChannel() }, 'classify/other-channels', /1 channel /],
  ['a backend nobody knows', train, { backend: 'onxx-cpu' }, 'backend/unknown', /onnx-cpu/],
])('fit: %s is an error before anything is trained', async (_name, set, options, expected, message) => {
  const seen: SeriesFitEvent[] = [];
  const onEvent = (event: SeriesFitEvent) => seen.push(event);
  const fit = Classifier.fit(set, { ...tiny, ...options, onEvent } as SeriesFitOptions);
  await expect(fit).rejects.toThrow(
    expect.objectContaining({
      name: 'PatchBertError',
      code: expected,
      message: expect.stringMatching(message),
    }),
  );
  expect(seen).toEqual([]);
});

test('an interrupt leaves nothing', async () => {
  const controller = new AbortController();
  const target = join(folder, 'stopped');
  const fit = Classifier.fit(train, {
    ...tiny,
    folder: target,
    signal: controller.signal,
    onEvent: ({ type }) => type === 'step' && controller.abort(),
  });
  await expect(fit).rejects.toThrow(code('classify/interrupted'));
  expect(existsSync(target)).toBe(false);
});

test('what a fit writes is JSON that names no place of this machine', () => {
  const text = readFileSync(join(classifier.folder, 'classifier.json'), 'utf8');
  expect(text).not.toContain(folder);
});

function relabelled(label: string): SeriesSet {
  return createSeriesSet({ ...test_, labels: test_.series.map(() => label) });
}

function oneChannel(): SeriesSet {
  return createSeriesSet({
    ...test_,
    channels: ['x'],
    series: test_.series.map(({ id, values }) => ({ id, values: values.slice(0, 1) })),
  });
}

function asJson(set: SeriesSet): string {
  return JSON.stringify({
    ...set,
    series: set.series.map(({ id, values }) => ({
      id,
      values: values.map((column) => Array.from(column)),
    })),
  });
}

function code(expected: string) {
  return expect.objectContaining({ code: expected });
}
