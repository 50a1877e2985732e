import { calendarFeatures, type Frame, sliceFrame, stackFrames } from '@patchbert/data';
import * as onnx from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import {
  exportForecaster,
  type ForecastConfigInput,
  type LoadedForecaster,
  loadForecaster,
} from '../src/index.ts';
import {
  CONTEXT,
  editForecaster,
  fitTiny,
  HORIZON,
  pretrainTiny,
  refusal,
  testBackend,
  waves,
  withColumns,
} from './support/tiny-forecaster.ts';

interface Trial {
  readonly forecaster: LoadedForecaster;
  readonly session: onnx.InferenceSession;
  readonly metadata: Readonly<Record<string, string>>;
}

async function trial(
  config: Partial<ForecastConfigInput>,
  { data = waves(), checkpoint }: { readonly data?: Frame; readonly checkpoint?: string } = {},
): Promise<Trial> {
  const options = checkpoint === undefined ? {} : { checkpoint };
  const { folder } = await fitTiny({ data: { frame: data }, config, ...options });
  const { file, metadata } = await exportForecaster(folder);
  return {
    forecaster: await loadForecaster(folder, await testBackend()),
    session: await onnx.InferenceSession.create(file, { intraOpNumThreads: 1 }),
    metadata,
  };
}

/** As many different pieces of a frame, each as long as a context. */
function windowsOf(frame: Frame, count: number): Frame[] {
  return Array.from({ length: count }, (_, i) => {
    const start = (i * 5) % (frame.length - CONTEXT);
    return { ...sliceFrame(frame, { start, end: start + CONTEXT }), name: `window ${i}` };
  });
}

/** `[B, L, C]`. */
function valuesOf(windows: readonly Frame[], channels: readonly string[]): onnx.Tensor {
  const values = windows.flatMap(({ channels: own, columns }) =>
    Array.from({ length: CONTEXT }, (_, i) => channels.map((name) => columns[own.indexOf(name)]![i]!)).flat(),
  );
  return new onnx.Tensor('float32', Float32Array.from(values), [windows.length, CONTEXT, channels.length]);
}

/** The most that the model differs from the library's own prediction, as a share of the values' size. */
async function largestShare(
  { forecaster, session, metadata }: Trial,
  windows: readonly Frame[],
  more: Readonly<Record<string, onnx.Tensor>> = {},
  future?: Frame,
): Promise<number> {
  const channels = JSON.parse(metadata['patchbert.channels']!) as string[];
  const own = await forecaster.predict(stackFrames(windows, { name: 'windows' }), future ? { future } : {});
  const outputs = await session.run({ values: valuesOf(windows, channels), ...more });
  const levels = own[0]!.quantiles.length;
  expect(outputs.forecast!.dims).toEqual([windows.length, HORIZON, channels.length]);
  expect(outputs.quantiles!.dims).toEqual([windows.length, HORIZON, channels.length, levels]);
  const forecast = outputs.forecast!.data as Float32Array;
  const quantiles = outputs.quantiles!.data as Float32Array;
  let largest = 0;
  own.forEach(({ mean, quantiles: ownQuantiles }, b) => {
    for (let h = 0; h < HORIZON; h++) {
      channels.forEach((_, c) => {
        const at = (b * HORIZON + h) * channels.length + c;
        const compare = (expected: number, found: number) => {
          const share = Math.abs(found - expected) / Math.max(1, Math.abs(expected));
          if (!(share <= largest)) largest = share;
        };
        compare(mean[c]![h]!, forecast[at]!);
        ownQuantiles.forEach(({ columns }, q) => {
          compare(columns[c]![h]!, quantiles[at * levels + q]!);
        });
      });
    }
  });
  return largest;
}

describe('an exported forecaster predicts from raw values what the library predicts', () => {
  test.each([
    ['heads in closed form', {}],
    ['the network alone', { linearWeight: 0 }],
    ['the linear part alone', { linearWeight: 1 }],
    [
      'a quantile head for each channel, trained by gradient',
      {
        adapt: 'linear-probe',
        head: { channels: 'per-channel' },
        training: { steps: 5, loss: 'quantile', validateEvery: 5 },
        quantileLevels: [0.1, 0.3, 0.5, 0.9],
      },
    ],
    ['one target among other channels', { mode: 'target-only', target: 'flow' }],
  ] as const satisfies readonly (readonly [string, Partial<ForecastConfigInput>])[])(
    '%s',
    async (_, config) => {
      const one = await trial(config);
      for (const batch of [1, 7, 64]) {
        expect(await largestShare(one, windowsOf(waves({ seed: 3 }), batch))).toBeLessThan(1e-5);
      }
    },
  );

  test('whatever the level and unit of the data, with gaps and constant channels', async () => {
    const one = await trial({});
    const frame = withColumns(waves({ seed: 4 }), (column, c) =>
      c === 0
        ? column.fill(21.3)
        : c === 1
          ? column.map((value, i) => (i % 11 < 7 ? Number.NaN : value * 1e20))
          : column.map((value) => value / 50 + 1e6),
    );
    expect(await largestShare(one, windowsOf(frame, 7))).toBeLessThan(1e-5);
  });

  test('with a first patch that is partly padding', async () => {
    const checkpoint = await pretrainTiny({ patchLength: 5, remainder: 'pad' });
    const one = await trial({}, { checkpoint });
    expect(await largestShare(one, windowsOf(waves({ seed: 5 }), 7))).toBeLessThan(1e-5);
  });

  test('with a calendar and covariates', async () => {
    // A level at which a mean is no number of single precision.
    const high = (frame: Frame) =>
      withColumns(frame, (column, c) => (c === 2 ? column.map((value) => value / 100 + 1e6) : column));
    const one = await trial({ calendar: true, covariates: ['heat'] }, { data: high(waves()) });
    const frame = high(waves({ seed: 6 }));
    const start = 96;
    const past = { ...sliceFrame(frame, { start, end: start + CONTEXT }), name: 'past' };
    const future = sliceFrame(frame, { start: start + CONTEXT, end: start + CONTEXT + HORIZON });
    const cycles = JSON.parse(one.metadata['patchbert.calendar']!) as 'hour-of-day'[];
    const calendar = calendarFeatures(future.times!.subarray(0, 1), cycles).columns.map(([value]) => value!);
    const more = {
      calendar: new onnx.Tensor('float32', Float32Array.from(calendar), [1, calendar.length]),
      covariates: new onnx.Tensor('float32', future.columns[2]!.slice(), [1, HORIZON, 1]),
    };
    expect(await largestShare(one, [past], more, future)).toBeLessThan(1e-5);
  });
});

test('a context without any value has no forecast, and leaves the others as they are', async () => {
  const { session } = await trial({});
  const [first, second] = windowsOf(waves({ seed: 7 }), 2);
  const run = async (windows: readonly Frame[]) => {
    const { forecast } = await session.run({ values: valuesOf(windows, first!.channels) });
    return Array.from(forecast!.data as Float32Array);
  };
  const both = await run([first!, withColumns(second!, (column) => column.fill(Number.NaN))]);
  expect(both.slice(both.length / 2).every(Number.isNaN)).toBe(true);
  const alone = await run([first!]);
  alone.forEach((value, i) => {
    expect(both[i]).toBeCloseTo(value, 4);
  });
});

test('the file says what it is', async () => {
  const { metadata } = await trial({ target: 'load' });
  expect(metadata).toMatchObject({
    'patchbert.kind': 'forecaster',
    'patchbert.contextLength': `${CONTEXT}`,
    'patchbert.horizon': `${HORIZON}`,
    'patchbert.channels': '["load"]',
    'patchbert.quantileLevels': '[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9]',
  });
  expect(JSON.parse(metadata['patchbert.config']!)).toMatchObject({ target: 'load', horizons: [HORIZON] });
});

test('the shortest fitted horizon that covers what is asked for, and the levels asked for', async () => {
  const { folder } = await fitTiny({ config: { horizons: [4, HORIZON] } });
  const { metadata } = await exportForecaster(folder, { horizon: 3, quantileLevels: [0.9, 0.05] });
  expect(metadata['patchbert.horizon']).toBe('4');
  expect(metadata['patchbert.quantileLevels']).toBe('[0.05,0.9]');
  expect(await refusal(exportForecaster(folder, { horizon: 9 }))).toMatchObject({
    code: 'forecast/bad-horizon',
  });
  expect(await refusal(exportForecaster(folder, { quantileLevels: [0.999] }))).toMatchObject({
    code: 'forecast/no-quantiles',
  });
});

test('a damaged forecaster is refused', async () => {
  const { folder } = await fitTiny();
  editForecaster(folder, (file) => ({ ...file, contextLength: 'long' }));
  expect(await refusal(exportForecaster(folder))).toMatchObject({ code: 'config/invalid' });
});
