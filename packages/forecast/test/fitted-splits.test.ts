import { createFrame, panelOf, sliceFrame, splitSegments, stackFrames } from '@patchbert/data';
import { frameFingerprint } from '@patchbert/train';
import { describe, expect, test } from 'vitest';
import { type FittedData, fittedSplits, forecastSplits, requireUnseenRows } from '../src/index.ts';
import { waves } from './support/tiny-forecaster.ts';

const frame = waves({ rows: 100 });
const panel = panelOf(frame);
const own = splitSegments(panel.segments, { train: 0.9, validation: 0.05 });
const usual = (of: typeof panel) => forecastSplits(of.segments, [4]);

/** What a forecaster says that was fitted on these recordings. */
function fittedOn(of: typeof panel, splits = own, named = splits.length): FittedData {
  return {
    file: { channels: [...of.frame.channels], dataFingerprint: frameFingerprint(of.frame, of.segments) },
    receipt: {
      splits: splits.slice(0, named).map((split, s) => ({ id: of.segments[s]!.id, ...split })),
      data: { name: '', files: [], fingerprint: '', channels: [], series: 1, rows: of.frame.length },
    },
  };
}

describe('the split to score by', () => {
  test('is that of the fit on the data of the fit, whatever channels stand beside', () => {
    expect(fittedSplits(panel, fittedOn(panel), usual(panel))).toEqual(own);
    const wider = panelOf(
      createFrame({
        name: 'wider',
        channels: ['other', ...frame.channels.toReversed()],
        columns: [new Float32Array(100), ...frame.columns.toReversed()],
      }),
    );
    expect(fittedSplits(wider, fittedOn(panel), usual(wider))).toEqual(own);
  });

  test('keeps those borders when rows have been appended', () => {
    const fitted = fittedOn(panelOf(sliceFrame(frame, { start: 0, end: 80 })), [
      { train: { start: 0, end: 70 }, validation: { start: 70, end: 75 }, test: { start: 75, end: 80 } },
    ]);
    const [split] = fittedSplits(panel, fitted, usual(panel));
    expect(split).toMatchObject({ train: { start: 0, end: 70 }, test: { start: 75, end: 100 } });
  });

  test('is the usual one for other data', () => {
    const other = panelOf(waves({ rows: 150, seed: 7 }));
    expect(fittedSplits(other, fittedOn(panel), usual(other))).toEqual(usual(other));
  });

  test('is asked for when nothing names that of the fit', () => {
    const many = stackFrames([waves({ name: 'a' }), waves({ name: 'b' })], { name: 'many' });
    const shares = splitSegments(many.segments, { train: 0.5, validation: 0.1 });
    const needed = expect.objectContaining({ code: 'forecast/split-needed' });
    expect(fittedSplits(many, fittedOn(many, shares, 1), shares)).toEqual(shares);
    expect(() => fittedSplits(many, fittedOn(many, shares, 1), usual(many))).toThrow(needed);
    const withoutReceipt = { ...fittedOn(panel), receipt: undefined };
    expect(() => fittedSplits(panel, withoutReceipt, usual(panel))).toThrow(needed);
  });
});

test('training rows of the data of the fit are not scored, also when asked for', () => {
  const refused = expect.objectContaining({
    code: 'forecast/trained-on-test',
    message: expect.stringContaining('rows up to 90'),
  });
  expect(() => requireUnseenRows(panel, fittedOn(panel), usual(panel), 'test')).toThrow(refused);
  const longer = panelOf(waves({ rows: 100 }));
  const short = fittedOn(panelOf(sliceFrame(frame, { start: 0, end: 95 })));
  expect(() => requireUnseenRows(longer, short, usual(longer), 'test')).toThrow(refused);
  requireUnseenRows(panel, fittedOn(panel), own, 'test');
  requireUnseenRows(panelOf(waves({ rows: 100, seed: 7 })), fittedOn(panel), usual(panel), 'test');
});
