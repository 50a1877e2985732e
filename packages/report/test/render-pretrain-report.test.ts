import { escapeHtml, type PretrainRun, renderPretrainReport } from '@patchbert/report';
import { describe, expect, it } from 'vitest';
import { exampleRun } from './example-run.ts';
import { expectClosedPage, tagNames } from './page.ts';

const evil = `<script>alert(1)</script>"'&<img src=x onerror=alert(2)>`;

describe('renderPretrainReport', () => {
  it('shows the one number, every section and a drawing for every window', () => {
    const page = renderPretrainReport(exampleRun());
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('<div class="number">61<small> %</small></div>');
    expect(page).toContain('less error on hidden patches than linear interpolation');
    const headings = [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map((match) => match[1]);
    expect(headings).toEqual([
      'Filling hidden patches',
      'What the model draws where it cannot see',
      'Training',
      'Channel by channel',
      'Data',
      'Configuration and environment',
    ]);
    expect(page.match(/<svg /g)).toHaveLength(exampleRun().gallery.length + 4);
    for (const text of [
      '43,824',
      '2,067 (4.7 %)',
      '642 k parameters',
      '2 min 18 s',
      'CC BY 4.0',
      'feedForwardWidth',
    ]) {
      expect(page).toContain(text);
    }
  });

  it('of whole series says what they are and whether the model had seen those that judge it', () => {
    const ofSeries = (heldOut: number) => {
      const run = exampleRun();
      const wholeSeries = { count: 270, shortest: 7, longest: 26, heldOut };
      return renderPretrainReport({ ...run, data: { ...run.data, wholeSeries } }).replace(/\s+/g, ' ');
    };
    const held = ofSeries(27);
    for (const text of [
      '270 series of 7 to 26 points',
      '27 of the 270 are held out and judge. Labels are never read.',
      'on series never trained on, in scaled units',
      'the same held-out series',
      'Series that were held out, with hidden patches',
    ]) {
      expect(held).toContain(text);
    }
    for (const text of [
      'on the training series themselves',
      'All of them train',
      'Training series, with hidden',
    ])
      expect(ofSeries(0)).toContain(text);
    expect(held).not.toMatch(/43,824 rows|validation (rows|windows)|each window/);
  });

  it('is pure: the same run gives the same page', () => {
    expect(renderPretrainReport(exampleRun())).toBe(renderPretrainReport(exampleRun()));
  });

  it('runs no scripts, refers to nothing outside and gives each drawing ids of its own', () => {
    expectClosedPage(renderPretrainReport(exampleRun()));
  });

  it('escapes every string a user can name', () => {
    const page = renderPretrainReport(withText(evil));
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<img');
    expect(page).toContain(escapeHtml(evil));
    expect(tagNames(page)).toEqual(tagNames(renderPretrainReport(withText('plain'))));
  });

  it('keeps control characters and lone surrogates out of the page', () => {
    const page = renderPretrainReport(withText('a\u0000b\u001b[31m\ud800'));
    expect(page).not.toMatch(/[^\P{Cc}\t\n\r]|\p{Cs}/u);
  });

  it('does not read templates in names', () => {
    const page = renderPretrainReport(withText('{value} {a|b} $0 $& $1'));
    expect(page).toContain('{value} {a|b} $0 $&amp; $1');
  });

  it('survives a run with nothing in it', () => {
    const { title, created, model } = exampleRun();
    const page = renderPretrainReport({
      title,
      created,
      model,
      config: {},
      data: { name: 'empty', rows: 0, channels: [], trainRows: 0, validationRows: 0 },
      environment: {},
      seconds: 0,
      seriesPerSecond: Number.NaN,
      training: [],
      validation: [],
      errors: [],
      gallery: [],
    });
    expect(page).toContain('This run holds no validation errors.');
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -1])(
    'survives %s everywhere',
    (value) => {
      const run = exampleRun();
      const page = renderPretrainReport({
        ...run,
        seconds: value,
        seriesPerSecond: value,
        model: { parameters: value, flopsPerStep: value },
        data: {
          ...run.data,
          channels: [{ name: 'x', missing: 0, minimum: value, maximum: value, mean: value }],
        },
        training: run.training.map((point) => ({
          ...point,
          loss: value,
          learningRate: value,
          gradientNorm: value,
        })),
        validation: run.validation.map((point) => ({ ...point, maskedError: value })),
        errors: run.errors.map((error) => ({ ...error, maskedError: value, meanAbsoluteError: value })),
        errorsByChannel: run.errorsByChannel!.map((error) => ({
          ...error,
          model: value,
          linearInterpolation: value,
        })),
        gallery: run.gallery.map((window) => ({
          ...window,
          truth: window.truth.map(() => value),
          reconstruction: window.reconstruction.map(() => value),
        })),
      });
      expect(page).not.toMatch(/NaN|undefined|Infinity/);
    },
  );

  it('draws windows of any length, without times, fully missing or fully hidden', () => {
    const run = exampleRun();
    const { times: _, ...window } = run.gallery[0]!;
    const page = renderPretrainReport({
      ...run,
      gallery: [
        { ...window, truth: [], masked: [], reconstruction: [] },
        { ...window, truth: [1], masked: [true], reconstruction: [2] },
        { ...window, truth: [null, null], masked: [false, true], reconstruction: [null, 3] },
        { ...window, masked: window.masked.map(() => true) },
        window,
      ],
    });
    expect(page.match(/id="window-4-/g)).not.toBeNull();
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('says so when the model is worse than linear interpolation', () => {
    const run = exampleRun();
    const [model, ...baselines] = run.errors;
    const page = renderPretrainReport({ ...run, errors: [{ ...model!, maskedError: 0.8 }, ...baselines] });
    expect(page).toContain('40<small> %</small>');
    expect(page).toContain('more error on hidden patches than linear interpolation');
  });

  it('stays small for a long run and says what it left out of a wide one', () => {
    const run = exampleRun();
    const page = renderPretrainReport({
      ...run,
      training: Array.from({ length: 100_000 }, (_, index) => ({
        step: index + 1,
        loss: 1 / (index + 1),
        learningRate: 1e-3,
      })),
      data: {
        ...run.data,
        channels: Array.from({ length: 862 }, (_, index) => ({
          ...run.data.channels[0]!,
          name: `sensor ${index}`,
        })),
      },
      errorsByChannel: Array.from({ length: 862 }, (_, index) => ({
        channel: `sensor ${index}`,
        model: 0.1,
        linearInterpolation: 1,
      })),
    });
    expect(page.length).toBeLessThan(400_000);
    expect(page).toContain('838 more channels');
    expect(page).toContain('802 more channels');
  });
});

/** The example with every free text replaced. */
function withText(text: string): PretrainRun {
  const run = exampleRun();
  return {
    ...run,
    title: text,
    created: text,
    command: text,
    config: {
      [text]: text,
      nested: { [text]: [text], deeper: { [text]: text } },
      [`${text}-group`]: { a: text },
    },
    data: {
      ...run.data,
      name: text,
      channels: run.data.channels.map((channel) => ({ ...channel, name: text })),
      firstTime: text,
      lastTime: text,
      licence: text,
      citation: text,
      sha256: text,
    },
    model: { ...run.model, preset: text },
    environment: { [text]: text },
    errors: run.errors.map((error, index) =>
      index === 1 ? { ...error, method: `linear ${text}` } : { ...error, method: text },
    ),
    errorsByChannel: run.errorsByChannel!.map((error) => ({ ...error, channel: text })),
    gallery: run.gallery.map((window) => ({ ...window, title: text, unit: text })),
  };
}
