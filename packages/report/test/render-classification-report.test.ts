import {
  type ClassificationRun,
  escapeHtml,
  type Measure,
  type MethodScore,
  renderClassificationReport,
} from '@patchbert/report';
import { describe, expect, it } from 'vitest';
import { exampleClassificationRun, exampleRegressionRun } from './example-classification-run.ts';
import { expectClosedPage, tagNames } from './page.ts';

const evil = `<script>alert(1)</script>"'&<img src=x onerror=alert(2)>`;

const broken = /NaN|undefined|Infinity|null/;

describe('renderClassificationReport', () => {
  it('shows how many are right beside the best baseline, every section and every drawing', () => {
    const run = exampleClassificationRun();
    const page = renderClassificationReport(run);
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('<div class="number">97.7<small> %</small></div>');
    expect(page).toContain('of 172 test series are put in the right class, more than the');
    expect(page).toContain('88.3 % of the best of 4 baselines: 1-nearest neighbour, DTW.');
    expect(page).toContain('95 % interval 95.3 % to 99.4 %.');
    expect(headings(page)).toEqual([
      'Test scores',
      'Class by class',
      'The most confident mistakes',
      'Can its probabilities be believed?',
      'Map of the embeddings',
      'Training',
      'What pretraining draws where it cannot see',
      'What was chosen, and from what',
      'Leak audit',
      'How it was measured',
      'Data',
      'Configuration',
    ]);
    expect(page.match(/<svg [^>]*role="img"/g)).toHaveLength(1 + 2 + 1 + 1 + 2 + 2);
    for (const text of [
      'Better than every baseline; within',
      '0.953 – 0.994',
      'All clear taken for Not clear',
      'class <b>All clear</b>, taken for <b class="wrong">Not clear</b> with 97 %; beside it Series 18',
      'which hold 58 % of the variance',
      'leave-one-out squared error; lower is better',
      '40 to 51',
      'All 2 checks passed.',
      'CC BY 4.0',
    ]) {
      expect(page).toContain(text);
    }
  });

  it('shows the error of a regression against the best baseline, with predictions against the truth', () => {
    const page = renderClassificationReport(exampleRegressionRun());
    expect(page).toContain('<div class="number">20<small> %</small></div>');
    expect(page).toContain('less error than the best of 2 baselines: Ridge on summary statistics.');
    expect(headings(page).slice(0, 4)).toEqual([
      'Test errors',
      'Predictions against the truth',
      'The largest errors',
      'Map of the embeddings',
    ]);
    for (const text of [
      'RMSE',
      '2.72 – 3.68',
      'laid out by UMAP',
      '<span class="ramp">40<i></i>89',
      'Highest target',
    ]) {
      expect(page).toContain(text);
    }
    expect(page).not.toMatch(/Accuracy|right class|confident/);
  });

  it('is pure, needs nothing from outside and gives each drawing ids of its own', () => {
    for (const run of [exampleClassificationRun(), exampleRegressionRun()]) {
      const page = renderClassificationReport(run);
      expect(renderClassificationReport(structuredClone(run))).toBe(page);
      expectClosedPage(page);
    }
  });

  it('escapes every string a user can name', () => {
    const page = renderClassificationReport(withText(evil));
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<img');
    expect(page).toContain(escapeHtml(evil));
    expect(tagNames(page)).toEqual(tagNames(renderClassificationReport(withText('plain'))));
  });

  it('keeps control characters and lone surrogates out of the page', () => {
    const page = renderClassificationReport(withText('a\u0000b\u001b[31m\ud800'));
    expect(page).not.toMatch(/[^\P{Cc}\t\n\r]|\p{Cs}/u);
  });

  it.each(['classification', 'regression'] as const)('leaves out what a %s does not hold', (task) => {
    const { title, created, summary } = exampleClassificationRun();
    const page = renderClassificationReport({
      title,
      created,
      task,
      summary,
      results: [],
      verdict: '',
      confusion: { classes: [], counts: [] },
      perClass: [],
      training: [{ name: 'nothing', points: [] }],
      map: { method: 'PCA', points: [] },
      reconstructions: [],
      mistakes: [],
      scatter: [],
      reliability: [],
      selection: [{ what: 'nothing', candidates: [] }],
      data: { name: 'empty', channels: ['x'], parts: [] },
      facts: [],
      audit: [],
      configuration: {},
    });
    expect(page).toContain('This run holds no test results.');
    expect(headings(page)).toEqual(['Data']);
    expect(page).not.toMatch(broken);
  });

  it.each([null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -1, 1, 1e300])(
    'survives %s everywhere',
    (value) => {
      expect(renderClassificationReport(withNumber(exampleClassificationRun(), value))).not.toMatch(broken);
      expect(renderClassificationReport(withNumber(exampleRegressionRun(), value))).not.toMatch(broken);
    },
  );

  it('says so, in the same large type, when a baseline is as good or better', () => {
    const run = exampleClassificationRun();
    const headlineFor = (accuracy: number) => {
      const page = renderClassificationReport({
        ...run,
        results: [{ ...run.results[0]!, accuracy }, ...run.results.slice(1)],
      });
      return page.slice(page.indexOf('class="headline"'), page.indexOf('class="facts"'));
    };
    expect(headlineFor(0.5)).toContain('fewer than the');
    expect(headlineFor(0.883)).toContain('as many as the');
    expect(headlineFor(1)).toContain('<div class="number">100<small> %</small></div>');
    const worse = exampleRegressionRun();
    const page = renderClassificationReport({
      ...worse,
      results: [{ ...worse.results[0]!, rmse: 6 }, ...worse.results.slice(1)],
    });
    expect(page).toContain('more error than the best of 2 baselines');
  });

  it('needs no baseline', () => {
    const run = exampleClassificationRun();
    const page = renderClassificationReport({ ...run, results: run.results.slice(0, 1) });
    expect(page).toContain('of 172 test series are put in the right class.');
    expect(page.slice(page.indexOf('<table class="results scores">'))).not.toContain('vertical line');
    expect(resultsTable(page)).not.toContain('class="best"');
    const regression = exampleRegressionRun();
    const alone = renderClassificationReport({ ...regression, results: regression.results.slice(0, 1) });
    expect(alone).toContain('<div class="number">3.2</div>');
  });

  it('marks the highest accuracy and the lowest loss, ties as printed alike', () => {
    const run = exampleClassificationRun();
    const row = (method: string, kind: MethodScore['kind'], accuracy: Measure, logLoss: Measure) => ({
      method,
      kind,
      accuracy,
      logLoss,
    });
    const page = renderClassificationReport({
      ...run,
      results: [
        row('a', 'ours', 0.9, 0.3),
        row('b', 'baseline', 0.90004, 0.2),
        row('c', 'control', null, Number.NaN),
      ],
    });
    const table = resultsTable(page);
    expect([...table.matchAll(/<b class="best">(.*?)<\/b>/g)].map((match) => match[1])).toEqual([
      '0.900',
      '0.900',
      '0.200',
    ]);
    expect(table).not.toContain('AUROC');
    expect(table).not.toContain('interval');
  });

  it('groups methods by what they are, whatever their order', () => {
    const run = exampleClassificationRun();
    const table = resultsTable(renderClassificationReport({ ...run, results: [...run.results].reverse() }));
    expect([...table.matchAll(/scope="rowgroup"><b>(.*?)<\/b>/g)].map((match) => match[1])).toEqual([
      'This run',
      'Baselines',
      'The same network without pretraining',
      'Linear models on frozen features',
    ]);
  });

  it('puts a failed audit before everything else', () => {
    const run = exampleClassificationRun();
    const page = renderClassificationReport({
      ...run,
      audit: [...run.audit!, { check: 'Order of the training file', passed: false, detail: 'Moved by 3.' }],
    });
    expect(headings(page)[0]).toBe('Leak audit');
    expect(page).toContain('1 of 3 checks failed.');
    expect(page.match(/<h2>Leak audit/g)).toHaveLength(1);
  });

  it('draws every test series that was predicted wrong, and says what it left out', () => {
    const run = exampleClassificationRun();
    const points = Array.from({ length: 9000 }, (_, index) => ({
      x: Math.cos(index),
      y: Math.sin(index * 1.7),
      label: String(index % 45),
      part: index < 4500 ? ('train' as const) : ('test' as const),
      ...(index >= 4500 && { correct: index % 50 !== 0 }),
    }));
    const labels = Array.from({ length: 45 }, (_, index) => `class ${index}`);
    const page = renderClassificationReport({
      ...run,
      map: { method: 'UMAP', points },
      confusion: {
        classes: labels,
        counts: labels.map((_, row) => labels.map((_, column) => (row === column ? 90 : 1))),
      },
      perClass: labels.map((label, index) => ({
        label,
        support: 100,
        precision: 0.9,
        recall: 0.9,
        f1: index === 44 ? null : 0.9 - index / 100,
      })),
      mistakes: [
        {
          ...run.mistakes![0]!,
          channels: Array.from({ length: 24 }, (_, channel) => ({
            name: `channel ${channel}`,
            values: Array.from({ length: 5000 }, (_, point) => Math.sin(point / 9 + channel)),
          })),
        },
      ],
      data: { ...run.data, channels: Array.from({ length: 963 }, (_, index) => `sensor ${index}`) },
    });
    expect(page.length).toBeLessThan(600_000);
    expect(page).toContain('1,500 of 9,000 series are drawn.');
    expect(page.match(/M[^M"]+(?=[M"])/g)!.length).toBeGreaterThan(1500);
    expect(rings(page)).toBe(90);
    expect(page).toContain('The 20 of 45 classes with the lowest F1.');
    expect(page).toContain('The first 4 channels of each are drawn.');
    expect(page).toContain('and 5 more classes');
    expect(page).toContain('and 939 more.');
  });

  it('numbers the cells of a small matrix and shades those of a large one', () => {
    const run = exampleClassificationRun();
    const matrix = (size: number) => {
      const classes = Array.from({ length: size }, (_, index) => `group ${index}`);
      const counts = classes.map((_, row) => classes.map((_, column) => (row === column ? 7654 : 0)));
      const page = renderClassificationReport({ ...run, confusion: { classes, counts } });
      return page.slice(
        page.indexOf('<svg class="confusion"'),
        page.indexOf('</svg>', page.indexOf('<svg class="confusion"')),
      );
    };
    expect(matrix(4).match(/>7,654</g)).toHaveLength(4);
    expect(matrix(4)).toContain('>group 3<');
    expect(matrix(100)).not.toContain('7,654');
    expect(matrix(100).match(/<rect/g)).toHaveLength(101);
    expect(matrix(100)).not.toContain('group');
  });

  it('draws series of any length, of unequal channels, of one point and with none that are near', () => {
    const run = exampleClassificationRun();
    const { nearest: _, ...alone } = run.mistakes![0]!;
    const shown = [[], [1], [null, null], [1, null, 3], [5, 5, 5]].map((values) => ({
      ...alone,
      channels: [{ name: 'x', values }],
    }));
    const page = renderClassificationReport({ ...run, mistakes: [...shown, { ...alone, channels: [] }] });
    expect(page.match(/<svg [^>]*the series over its points/g)).toHaveLength(6);
    expect(page).not.toMatch(broken);
    expect(page).not.toContain('the series nearest to it');
  });
});

function headings(page: string): (string | undefined)[] {
  return [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map((match) => match[1]);
}

function resultsTable(page: string): string {
  const start = page.indexOf('<table class="results scores">');
  return page.slice(start, page.indexOf('</table>', start));
}

/** How many series the map marks as mistakes. */
function rings(page: string): number {
  return page.match(/<path d="([^"]*)" fill="none" stroke="var\(--ink\)"/)?.[1]?.match(/M/g)?.length ?? 0;
}

/** The example with every free text replaced. */
function withText(text: string): ClassificationRun {
  const run = exampleClassificationRun();
  const renamed = { truth: text, predicted: text, title: text, id: text };
  return {
    ...run,
    title: text,
    created: text,
    command: text,
    summary: { ...run.summary, strategy: text },
    results: run.results.map((row) => ({ ...row, method: text })),
    verdict: text,
    confusion: { ...run.confusion!, classes: run.confusion!.classes.map(() => text) },
    perClass: run.perClass!.map((one) => ({ ...one, label: text })),
    training: run.training.map((curve) => ({ ...curve, name: text })),
    map: { ...run.map!, points: run.map!.points.map((point) => ({ ...point, label: text })) },
    reconstructions: run.reconstructions!.map((one) => ({ ...one, title: text, channel: text })),
    mistakes: run.mistakes!.map((mistake) => ({
      ...mistake,
      ...renamed,
      channels: mistake.channels.map((channel) => ({ ...channel, name: text })),
      nearest: { ...mistake.nearest!, ...renamed },
    })),
    selection: run.selection.map(({ candidates, better }) => ({
      what: text,
      measure: text,
      ...(better !== undefined && { better }),
      candidates: candidates.map((candidate) => ({ ...candidate, label: text })),
    })),
    data: {
      ...run.data,
      name: text,
      channels: [text, text],
      parts: run.data.parts.map((part) => ({ ...part, part: text, classes: [{ label: text, count: 1 }] })),
      licence: text,
      citation: text,
      sha256: text,
    },
    facts: [{ label: text, value: text }],
    audit: [{ check: text, passed: true, detail: text }],
    configuration: { [text]: text, nested: { [text]: [text] } },
  };
}

/** A run with every measured number replaced. */
function withNumber(run: ClassificationRun, value: Measure): ClassificationRun {
  const all = (values: readonly unknown[]) => values.map(() => value);
  const number = value ?? Number.NaN;
  return {
    ...run,
    level: number,
    summary: { ...run.summary, seconds: number, shortest: number, longest: number },
    results: run.results.map(({ method, kind }) => ({
      method,
      kind,
      accuracy: value,
      balancedAccuracy: value,
      macroF1: value,
      logLoss: value,
      auroc: value,
      calibrationError: value,
      rmse: value,
      mae: value,
      r2: value,
      interval: [value, value],
    })),
    ...(run.confusion && {
      confusion: { ...run.confusion, counts: run.confusion.counts.map((row) => row.map(() => number)) },
    }),
    ...(run.perClass && {
      perClass: run.perClass.map(({ label }) => ({
        label,
        support: number,
        precision: value,
        recall: value,
        f1: value,
        auroc: value,
      })),
    }),
    training: run.training.map(({ name, points }) => ({
      name,
      points: points.map(({ step }) => ({ step, loss: value, validation: value })),
    })),
    map: {
      ...run.map!,
      explained: [value],
      points: run.map!.points.map((point) => ({ ...point, x: number, y: number })),
    },
    reconstructions: run.reconstructions!.map((one) => ({
      ...one,
      values: all(one.values),
      reconstruction: all(one.reconstruction),
    })),
    mistakes: run.mistakes!.map((mistake) => ({
      ...mistake,
      probability: value,
      channels: mistake.channels.map(({ name, values }) => ({ name, values: all(values) })),
    })),
    ...(run.scatter && { scatter: run.scatter.map(() => ({ truth: number, predicted: number })) }),
    ...(run.reliability && {
      reliability: run.reliability.map(() => ({ confidence: value, accuracy: value, count: number })),
    }),
    selection: run.selection.map(({ candidates, ...choice }) => ({
      ...choice,
      candidates: candidates.map((candidate) => ({ ...candidate, score: value })),
    })),
    data: {
      ...run.data,
      parts: run.data.parts.map((part) => ({
        ...part,
        missing: number,
        targetRange: { minimum: value, maximum: value },
      })),
    },
  };
}
