import { escapeHtml, type ForecastRun, type Measure, renderForecastReport } from '@patchbert/report';
import { describe, expect, it } from 'vitest';
import { exampleForecastRun, exampleForecastWindow } from './example-forecast-run.ts';
import { expectClosedPage, tagNames } from './page.ts';

const evil = `<script>alert(1)</script>"'&<img src=x onerror=alert(2)>`;

describe('renderForecastReport', () => {
  it('shows the gain over the best baseline, every section and every drawing', () => {
    const page = renderForecastReport(exampleForecastRun());
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('<div class="number">50<small> %</small></div>');
    expect(page).toContain('less squared error than the best of 3 baselines: Seasonal naive.');
    expect(page).toContain('Mean squared error 0.400 against 0.800');
    expect(headings(page)).toEqual([
      'Forecast errors',
      'Forecasts against the truth',
      'Error by distance ahead',
      'Channel by channel',
      'Training',
      'What was chosen, and from what',
      'Leak audit',
      'How it was measured',
      'Data',
      'Configuration',
    ]);
    expect(page.match(/<svg /g)).toHaveLength(2 + 4 + 2 + 2);
    for (const text of [
      'Average of the horizons',
      'Better than every baseline.',
      'Lower is better',
      'standard deviation of that channel over the training',
      'share of the truth inside the 80 % interval',
      '78.3 %',
      '2.512 MW',
      'The first 2,800 rows train',
      'the 800 after them test',
      'All 2 checks passed.',
    ]) {
      expect(page).toContain(text);
    }
  });

  it('is pure, needs nothing from outside and gives each drawing ids of its own', () => {
    const page = renderForecastReport(exampleForecastRun());
    expect(renderForecastReport(exampleForecastRun())).toBe(page);
    expectClosedPage(page);
  });

  it('escapes every string a user can name', () => {
    const page = renderForecastReport(withText(evil));
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<img');
    expect(page).toContain(escapeHtml(evil));
    expect(tagNames(page)).toEqual(tagNames(renderForecastReport(withText('plain'))));
  });

  it('keeps control characters and lone surrogates out of the page', () => {
    const page = renderForecastReport(withText('a\u0000b\u001b[31m\ud800'));
    expect(page).not.toMatch(/[^\P{Cc}\t\n\r]|\p{Cs}/u);
  });

  it('leaves out what a run does not hold', () => {
    const { title, created, summary } = exampleForecastRun();
    const page = renderForecastReport({
      title,
      created,
      summary: { ...summary, horizons: [] },
      results: [],
      perStep: [],
      perChannel: [],
      gallery: [],
      training: [],
      selection: [],
      data: { name: 'empty', rows: 0, channels: [], trainRows: 0, validationRows: 0 },
      facts: [],
      configuration: {},
    });
    expect(page).toContain('This run holds no test errors.');
    expect(headings(page)).toEqual(['Data']);
    expect(page).not.toMatch(/NaN|undefined|Infinity|null/);
  });

  it('leaves out parts that are there but hold nothing', () => {
    const page = renderForecastReport({
      ...exampleForecastRun(),
      results: [{ horizon: 24, rows: [], verdict: '' }],
      perStep: [{ horizon: 24, curves: [] }],
      perChannel: [{ horizon: 24, channels: [] }],
      training: [{ name: 'ridge', points: [] }],
      selection: [{ what: 'penalty', candidates: [] }],
      audit: [],
    });
    expect(headings(page)).toEqual([
      'Forecasts against the truth',
      'How it was measured',
      'Data',
      'Configuration',
    ]);
  });

  it.each([null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -1, 1e300])(
    'survives %s everywhere',
    (value) => {
      expect(renderForecastReport(withNumber(value))).not.toMatch(/NaN|undefined|Infinity|null/);
    },
  );

  it('says so when the forecaster is worse than the best baseline', () => {
    const run = exampleForecastRun();
    const [ours, ...others] = run.results[0]!.rows;
    const page = renderForecastReport({
      ...run,
      results: [{ ...run.results[0]!, rows: [{ ...ours!, mse: 0.9 }, ...others] }],
    });
    expect(page).toContain('50<small> %</small>');
    expect(page).toContain('more squared error than the best of 3 baselines');
    expect(page).toContain('at horizon 24');
    expect(page).not.toContain('Average of the horizons');
  });

  it('shows the error itself when there is no baseline', () => {
    const run = exampleForecastRun();
    const page = renderForecastReport({
      ...run,
      results: [{ ...run.results[0]!, rows: run.results[0]!.rows.slice(0, 1) }],
    });
    expect(page).toContain('<div class="number">0.300</div>');
    expect(resultsTable(page)).not.toContain('class="best"');
  });

  it('marks the lowest value of each column of each group, ties alike, and never coverage', () => {
    const run = exampleForecastRun();
    const rows = run.results[0]!.rows.map(({ method, kind }, index) => ({
      method,
      kind,
      mse: [0.31, 0.3, 0.30004, 0.5, Number.NaN, null][index]!,
      mae: 0.2 + 0.1 * index,
      coverage: 0.1 * (index + 1),
    }));
    const page = renderForecastReport({ ...run, results: [{ horizon: 24, rows, verdict: '' }] });
    const table = resultsTable(page);
    expect([...table.matchAll(/<b class="best">(.*?)<\/b>/g)].map((match) => match[1])).toEqual([
      '0.200',
      '0.300',
      '0.300',
    ]);
    expect(table).not.toContain('MASE');
    expect(table.match(/<tr class="ours">/g)).toHaveLength(1);
    expect(table.match(/<small>member<\/small>/g)).toHaveLength(2);
  });

  it('puts a failed audit before everything else', () => {
    const run = exampleForecastRun();
    const page = renderForecastReport({
      ...run,
      audit: [...run.audit!, { check: 'Scaling', passed: false, detail: 'Moved by 3.' }],
    });
    expect(headings(page)[0]).toBe('Leak audit');
    expect(page).toContain('1 of 3 checks failed.');
    expect(page.match(/<h2>Leak audit/g)).toHaveLength(1);
  });

  it('draws windows of any length, without times, intervals, context or truth', () => {
    const run = exampleForecastRun();
    const window = exampleForecastWindow('load', 24);
    const { times: _, lower: __, upper: ___, linear: ____, level: _____, unit: ______, ...bare } = window;
    const page = renderForecastReport({
      ...run,
      gallery: [
        { ...bare, context: [], truth: [], forecast: [] },
        { ...bare, context: [] },
        { ...bare, context: [1], truth: [null], forecast: [2] },
        { ...bare, truth: [] },
        { ...window, times: window.times!.slice(3) },
        { ...window, lower: window.lower!.map((value, step) => (step === 5 ? null : value)) },
        { ...window, upper: [1, 2] },
      ],
    });
    expect(page.match(/<svg [^>]*forecast and truth/g)).toHaveLength(7);
    expect(page).not.toMatch(/NaN|undefined|Infinity|null/);
    const without = renderForecastReport({ ...run, gallery: [bare] });
    expect(without).not.toContain('80 % interval</span>');
    expect(without).not.toContain('linear member alone');
  });

  it('shades the interval and breaks it where a bound is missing', () => {
    const run = exampleForecastRun();
    const window = exampleForecastWindow('load', 24);
    const broken = { ...window, lower: window.lower!.map((value, step) => (step === 5 ? null : value)) };
    const shades = (page: string) => page.match(/<[a-z]+ [^>]*fill="var\(--model-soft\)"/g)?.length ?? 0;
    expect(shades(renderForecastReport({ ...run, gallery: [window] }))).toBe(1);
    expect(shades(renderForecastReport({ ...run, gallery: [broken] }))).toBe(2);
  });

  it('draws coverage by step beside the errors, with its level, and leaves it out when absent', () => {
    const run = exampleForecastRun();
    const drawings = (page: string) => page.match(/<svg [^>]*inside the interval at each step/g)?.length ?? 0;
    const page = renderForecastReport(run);
    expect(drawings(page)).toBe(2);
    expect(page).toContain('truth inside the 80 % interval');
    expect(page).toContain('The smaller charts show what share of the truth');

    const changed = (edit: (horizon: number) => object) =>
      renderForecastReport({
        ...run,
        perStep: run.perStep.map(({ horizon, curves }) => ({
          horizon,
          curves: curves.map(({ method, mse, ...rest }) => ({ method, mse, ...rest, ...edit(horizon) })),
        })),
      });
    for (const absent of [undefined, [], [null, Number.NaN]]) {
      const without = changed(() => ({ coverage: absent }));
      expect(drawings(without)).toBe(0);
      expect(without).not.toContain('The smaller charts');
      expect(without.match(/<svg [^>]*at each step of horizon/g)).toHaveLength(2);
    }
    const one = changed((horizon) => (horizon === 24 ? { coverage: undefined } : {}));
    expect(drawings(one)).toBe(1);
    expect(one.match(/<svg [^>]*error at each step of horizon/g)).toHaveLength(2);

    const dashes = (text: string) => text.match(/stroke-dasharray="5,4"/g)?.length ?? 0;
    const unknown = renderForecastReport({
      ...run,
      results: run.results.map(({ level: _, ...rest }) => rest),
    });
    expect(drawings(unknown)).toBe(2);
    expect(unknown).toContain('truth inside the interval');
    expect(unknown).toContain('the closer to its level');
    expect([dashes(page), dashes(unknown)]).toEqual([2, 0]);
  });

  it('stays small for a wide data set and a long run, and says what it left out', () => {
    const run = exampleForecastRun();
    const page = renderForecastReport({
      ...run,
      perChannel: [
        {
          horizon: 24,
          channels: Array.from({ length: 862 }, (_, index) => ({
            channel: `sensor ${index}`,
            mse: 0.1,
            mae: 0.2,
            originalMae: 3,
            baselineMse: 1,
          })),
        },
      ],
      training: [
        {
          name: 'long',
          points: Array.from({ length: 100_000 }, (_, index) => ({ step: index + 1, loss: 1 / (index + 1) })),
        },
      ],
      selection: [
        {
          what: 'penalty',
          candidates: Array.from({ length: 40 }, (_, index) => ({
            label: `candidate ${index}`,
            validation: 40 - index,
            chosen: index === 0,
          })),
        },
      ],
    });
    expect(page.length).toBeLessThan(300_000);
    expect(page).toContain('838 more channels gain less');
    expect(page).toContain('and 766 more channels.');
    expect(page).toContain('and 28 with a higher error.');
    expect(page).toContain('candidate 0<');
  });

  it('speaks of series when there are several', () => {
    const run = exampleForecastRun();
    const page = renderForecastReport({ ...run, data: { ...run.data, series: 40 } });
    expect(page).toContain('in 40 series');
    expect(page).toContain('Every series is split in time order; in all, 2,800 rows train');
  });
});

function headings(page: string): (string | undefined)[] {
  return [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map((match) => match[1]);
}

function resultsTable(page: string): string {
  return page.slice(page.indexOf('<table class="results">'), page.indexOf('</table>'));
}

/** The example with every free text replaced. */
function withText(text: string): ForecastRun {
  const run = exampleForecastRun();
  return {
    ...run,
    title: text,
    created: text,
    command: text,
    summary: { ...run.summary, strategy: text },
    results: run.results.map((one) => ({
      ...one,
      verdict: text,
      rows: one.rows.map((row) => ({ ...row, method: text })),
    })),
    perStep: run.perStep.map((one) => ({
      ...one,
      curves: one.curves.map((curve) => ({ ...curve, method: text })),
    })),
    perChannel: run.perChannel.map((one) => ({
      ...one,
      baseline: text,
      channels: one.channels.map((channel) => ({ ...channel, channel: text, unit: text })),
    })),
    gallery: run.gallery.map((window) => ({ ...window, title: text, channel: text, unit: text })),
    training: run.training.map((curve) => ({ ...curve, name: text })),
    selection: run.selection.map(({ candidates }) => ({
      what: text,
      candidates: candidates.map((candidate) => ({ ...candidate, label: text })),
    })),
    data: { ...run.data, name: text, firstTime: text, lastTime: text, licence: text, citation: text },
    facts: [{ label: text, value: text }],
    audit: [{ check: text, passed: true, detail: text }],
    configuration: { [text]: text, nested: { [text]: [text] } },
  };
}

/** The example with every measured number replaced. */
function withNumber(value: Measure): ForecastRun {
  const run = exampleForecastRun();
  const all = (values: readonly unknown[] | undefined) => (values ?? []).map(() => value);
  return {
    ...run,
    results: run.results.map((one) => ({
      ...one,
      rows: one.rows.map(({ method, kind }) => ({
        method,
        kind,
        mse: value,
        mae: value,
        smape: value,
        mase: value,
        coverage: value,
      })),
    })),
    perStep: run.perStep.map((one) => ({
      ...one,
      curves: one.curves.map(({ method, mse }) => ({ method, mse: all(mse), coverage: all(mse) })),
    })),
    perChannel: run.perChannel.map((one) => ({
      ...one,
      channels: one.channels.map(({ channel }) => ({
        channel,
        mse: value,
        mae: value,
        originalMae: value,
        baselineMse: value,
      })),
    })),
    gallery: run.gallery.map((window) => ({
      ...window,
      context: all(window.context),
      truth: all(window.truth),
      forecast: all(window.forecast),
      lower: all(window.lower),
      upper: all(window.upper),
      linear: all(window.linear),
    })),
    training: run.training.map(({ name, points }) => ({
      name,
      points: points.map(({ step }) => ({ step, loss: value, validation: value })),
    })),
    selection: run.selection.map(({ what, candidates }) => ({
      what,
      candidates: candidates.map((candidate) => ({ ...candidate, validation: value })),
    })),
  };
}
