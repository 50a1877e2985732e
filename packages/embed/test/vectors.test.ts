import { createFrame, panelOf, selectChannels, sliceFrame } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { describe, expect, test } from 'vitest';
import type { EmbeddingOptions } from '../src/index.ts';
import {
  adapters,
  CONTEXT,
  embedAll,
  largestDifference,
  PATCH,
  recordings,
  tinyEmbedder,
  WIDTH,
  waves,
  withGaps,
} from './support/tiny-encoder.ts';

const PATCHES = CONTEXT / PATCH;
/** Gaps of all kinds: single points, whole patches, a channel without a value in the second window. */
const gappy = withGaps(
  waves(4 * CONTEXT),
  (row, channel) =>
    (row * 7 + channel) % 11 === 0 ||
    (row >= 8 && row < 17 && channel === 0) ||
    (row >= CONTEXT && row < 2 * CONTEXT && channel === 1),
);
const levels: readonly EmbeddingOptions[] = [
  { level: 'patch' },
  { level: 'series', pooling: 'max' },
  { level: 'window' },
  { level: 'window', acrossChannels: 'concatenate', pooling: 'last' },
];

describe.each(Object.keys(adapters) as (keyof typeof adapters)[])('on %s', (backend) => {
  test('the batch changes no bit of a vector', async () => {
    const all = await tinyEmbedder({ batchSize: 16 }, backend);
    const one = await tinyEmbedder({ batchSize: 1 }, backend);
    for (const options of levels) {
      const together = await embedAll(all, gappy, options);
      const alone = await embedAll(one, gappy, options);
      expect(largestDifference(together.vectors, alone.vectors)).toBe(0);
      expect(together.vectors.some((value) => Math.abs(value) > 0.1)).toBe(true);
    }
    all.dispose();
    one.dispose();
  });

  test('series vectors are the patch vectors pooled, of patches with a value alone', async () => {
    const embedder = await tinyEmbedder({}, backend);
    const patches = await embedAll(embedder, gappy, { level: 'patch' });
    for (const pooling of ['mean', 'max', 'last'] as const) {
      const series = await embedAll(embedder, gappy, { level: 'series', pooling });
      const [windows, channels] = series.shape as [number, number];
      const expected = new Float32Array(series.vectors.length);
      for (let s = 0; s < windows * channels; s++) {
        for (let d = 0; d < WIDTH; d++) {
          const values = Array.from(
            { length: PATCHES },
            (_, p) => patches.vectors[(s * PATCHES + p) * WIDTH + d]!,
          ).filter((value) => !Number.isNaN(value));
          const pooled = {
            mean: values.reduce((sum, value) => sum + value, 0) / values.length,
            max: Math.max(...values),
            last: values.at(-1)!,
          };
          expected[s * WIDTH + d] = values.length === 0 ? Number.NaN : pooled[pooling];
        }
      }
      expect(largestDifference(series.vectors, expected)).toBeLessThan(1e-6);
    }
    embedder.dispose();
  });
});

test('both engines give the same vectors, gaps and short recordings included', async () => {
  const onnx = await tinyEmbedder({}, 'onnx-cpu');
  const tfjs = await tinyEmbedder({}, 'tfjs-cpu');
  const panel = recordings(gappy, [CONTEXT + 5, 9, 3 * CONTEXT - 14]);
  for (const options of levels) {
    const [a, b] = [await embedAll(onnx, panel, options), await embedAll(tfjs, panel, options)];
    expect(largestDifference(a.vectors, b.vectors)).toBeLessThan(1e-5);
  }
  onnx.dispose();
  tfjs.dispose();
});

test('a vector depends on its own window and channel alone', async () => {
  const embedder = await tinyEmbedder();
  const all = await embedAll(embedder, gappy);
  const perWindow = 3 * WIDTH;
  const third = await embedAll(embedder, sliceFrame(gappy, { start: 2 * CONTEXT, end: 3 * CONTEXT }));
  expect(largestDifference(third.vectors, all.vectors.subarray(2 * perWindow, 3 * perWindow))).toBe(0);
  const heat = await embedAll(embedder, selectChannels(gappy, ['heat']));
  const fromAll = Float32Array.from(
    { length: 4 * WIDTH },
    (_, i) => all.vectors[(Math.floor(i / WIDTH) * 3 + 2) * WIDTH + (i % WIDTH)]!,
  );
  expect(largestDifference(heat.vectors, fromAll)).toBe(0);
  embedder.dispose();
});

test('permuted channels give permuted vectors, and the same mean of a window', async () => {
  const embedder = await tinyEmbedder();
  const order = ['heat', 'load', 'flow'];
  const places = order.map((name) => gappy.channels.indexOf(name));
  const permuted = selectChannels(gappy, order);
  const [before, after] = [await embedAll(embedder, gappy), await embedAll(embedder, permuted)];
  const expected = Float32Array.from(after.vectors, (_, i) => {
    const [w, c, d] = [Math.floor(i / (3 * WIDTH)), Math.floor(i / WIDTH) % 3, i % WIDTH];
    return before.vectors[(w * 3 + places[c]!) * WIDTH + d]!;
  });
  expect(largestDifference(after.vectors, expected)).toBe(0);
  const [one, other] = [
    await embedAll(embedder, gappy, { level: 'window' }),
    await embedAll(embedder, permuted, { level: 'window' }),
  ];
  expect(largestDifference(one.vectors, other.vectors)).toBeLessThan(1e-6);
  embedder.dispose();
});

test('rows before a short recording are missing values and nothing else', async () => {
  const embedder = await tinyEmbedder();
  const short = sliceFrame(gappy, { start: 0, end: 10 });
  const columns = short.columns.map((column) => {
    const padded = new Float32Array(CONTEXT).fill(Number.NaN);
    padded.set(column, CONTEXT - 10);
    return padded;
  });
  const explicit = createFrame({ name: 'padded', channels: short.channels, columns });
  for (const options of levels) {
    const [a, b] = [await embedAll(embedder, short, options), await embedAll(embedder, explicit, options)];
    expect(largestDifference(a.vectors, b.vectors)).toBe(0);
  }
  embedder.dispose();
});

test('the unit and the offset of a channel do not matter', async () => {
  const embedder = await tinyEmbedder();
  const scaled = (factor: number, offset: number) =>
    createFrame({
      ...gappy,
      columns: gappy.columns.map((column) => column.map((value) => factor * value + offset)),
    });
  const plain = await embedAll(embedder, gappy);
  for (const factor of [2 ** 90, 2 ** -60]) {
    const other = await embedAll(embedder, scaled(factor, 0));
    expect(largestDifference(other.vectors, plain.vectors)).toBeLessThan(1e-5);
  }
  // Values that single precision holds exactly with their offset: nothing may be lost but what adding it loses.
  const steps = createFrame({
    ...gappy,
    columns: gappy.columns.map((column) => column.map((value) => Math.round(value * 8) / 8)),
  });
  const lifted = createFrame({
    ...steps,
    columns: steps.columns.map((column) => column.map((value) => value + 2 ** 13)),
  });
  const [low, high] = [await embedAll(embedder, steps), await embedAll(embedder, lifted)];
  expect(largestDifference(low.vectors, high.vectors)).toBeLessThan(1e-5);
  embedder.dispose();
});

test('nothing measured gives NaN, at every level, and a constant window gives numbers', async () => {
  const embedder = await tinyEmbedder();
  const frame = withGaps(waves(2 * CONTEXT), (row) => row < CONTEXT);
  for (const options of levels) {
    const { vectors } = await embedAll(embedder, frame, options);
    const half = vectors.length / 2;
    expect(vectors.subarray(0, half).every(Number.isNaN)).toBe(true);
    expect(vectors.subarray(half).some(Number.isNaN)).toBe(false);
  }
  const one = await embedAll(embedder, gappy, { level: 'window', acrossChannels: 'concatenate' });
  const blank = Array.from({ length: 3 }, (_, c) => Number.isNaN(one.vectors[3 * WIDTH + c * WIDTH]));
  expect(blank).toEqual([false, true, false]);
  const constant = createFrame({
    name: 'c',
    channels: ['a', 'b'],
    columns: [new Float32Array(CONTEXT).fill(1e6 / 3), new Float32Array(CONTEXT)],
  });
  const { vectors } = await embedAll(embedder, constant);
  expect(vectors.some(Number.isNaN)).toBe(false);
  expect(largestDifference(vectors.subarray(0, WIDTH), vectors.subarray(WIDTH))).toBe(0);
  embedder.dispose();
});

test('the class token is a pooling where there is one', async () => {
  const withToken = await tinyEmbedder({ model: { classToken: true } });
  const token = await embedAll(withToken, gappy, { pooling: 'class' });
  const mean = await embedAll(withToken, gappy, { pooling: 'mean' });
  expect(token.shape).toEqual(mean.shape);
  expect(largestDifference(token.vectors, mean.vectors)).toBeGreaterThan(0.1);
  expect(
    largestDifference(
      Float32Array.from(token.vectors, (value) => Number(Number.isNaN(value))),
      Float32Array.from(mean.vectors, (value) => Number(Number.isNaN(value))),
    ),
  ).toBe(0);
  const without = await tinyEmbedder();
  expect(() => without.embed(panelOf(gappy), { pooling: 'class' })).toThrow(
    expect.objectContaining({ code: 'embed/no-class-token' }),
  );
  withToken.dispose();
  without.dispose();
});

test('calls may overlap, and batches come window by window', async () => {
  const embedder = await tinyEmbedder({ batchSize: 2 });
  const embedding = embedder.embed(panelOf(waves(40 * CONTEXT)), { stride: 5 });
  const [a, b] = await Promise.all([embedAll(embedder, gappy), embedAll(embedder, gappy)]);
  expect(largestDifference(a.vectors, b.vectors)).toBe(0);
  let next = 0;
  let batches = 0;
  for await (const { firstWindow, windows, vectors } of embedding.batches()) {
    expect(firstWindow).toBe(next);
    expect(vectors.length).toBe(windows * 3 * WIDTH);
    next += windows;
    batches++;
  }
  expect(next).toBe(embedding.shape[0]);
  expect(batches).toBeGreaterThan(10);
  embedder.dispose();
});

test.each([
  [{ level: 'patch', pooling: 'mean' }, /level "patch" keeps every patch/],
  [{ level: 'series', acrossChannels: 'mean' }, /choose level "window"/],
  [{ acrossChannels: 'concatenate' }, /choose level "window"/],
  [{ stride: 0 }, /stride/],
  [{ leve: 'patch' }, /Did you mean "level"/],
] as const)('%j is refused', async (options, message) => {
  const embedder = await tinyEmbedder();
  expect(() => embedder.embed(panelOf(gappy), options as EmbeddingOptions)).toThrow(message);
  expect(() => embedder.embed(panelOf(gappy), options as EmbeddingOptions)).toThrow(PatchBertError);
  embedder.dispose();
});
