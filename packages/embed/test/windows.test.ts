import { createFrame } from '@patchbert/data';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CONTEXT,
  embedAll,
  hours,
  PATCH,
  recordings,
  tinyEmbedder,
  WIDTH,
  waves,
} from './support/tiny-encoder.ts';

const PATCHES = CONTEXT / PATCH;

test('each level has its shape', async () => {
  const embedder = await tinyEmbedder();
  const frame = waves(3 * CONTEXT);
  const shapeOf = async (options: Parameters<typeof embedder.embed>[1]) =>
    (await embedAll(embedder, frame, options)).shape;
  expect(await shapeOf({ level: 'patch' })).toEqual([3, 3, PATCHES, WIDTH]);
  expect(await shapeOf({})).toEqual([3, 3, WIDTH]);
  expect(await shapeOf({ level: 'window' })).toEqual([3, WIDTH]);
  expect(await shapeOf({ level: 'window', acrossChannels: 'concatenate' })).toEqual([3, 3 * WIDTH]);
  embedder.dispose();
});

test('windows touch by default, the last ends with the last row, and a short recording has one', async () => {
  const embedder = await tinyEmbedder();
  const lengths = [2 * CONTEXT + 5, 7, CONTEXT];
  const frame = waves(lengths.reduce((sum, one) => sum + one));
  const { index, recordings: ids } = await embedAll(embedder, recordings(frame, lengths));
  expect(ids).toEqual(['recording 0', 'recording 1', 'recording 2']);
  expect([...index.recording]).toEqual([0, 0, 0, 1, 2]);
  expect([...index.firstRow]).toEqual([0, CONTEXT, CONTEXT + 5, 0, 0]);
  expect([...index.lastRow]).toEqual([CONTEXT - 1, 2 * CONTEXT - 1, 2 * CONTEXT + 4, 6, CONTEXT - 1]);
  const times = hours(frame.length);
  expect(index.firstTime![3]).toBe(times[lengths[0]!]);
  expect(index.lastTime![3]).toBe(times[lengths[0]! + 6]);
  embedder.dispose();
});

test('patches of a short recording that lie before it have no rows', async () => {
  const embedder = await tinyEmbedder();
  const { index, vectors } = await embedAll(embedder, waves(PATCH + 2, ['load']), { level: 'patch' });
  expect([...index.firstRow]).toEqual([-1, -1, -1, -1, 0, 2]);
  expect([...index.lastRow]).toEqual([-1, -1, -1, -1, 1, 5]);
  expect([...index.firstTime!].map(Number.isNaN)).toEqual([true, true, true, true, false, false]);
  const measured = Array.from({ length: PATCHES }, (_, p) => !Number.isNaN(vectors[p * WIDTH]));
  expect(measured).toEqual([false, false, false, false, true, true]);
  embedder.dispose();
});

test.each([
  ['drop-oldest', [2, 6, 10, 14, 18, 22]],
  ['pad', [0, 2, 6, 10, 14, 18, 22]],
] as const)(
  'patches of a context that they do not divide (%s) have the rows they were cut from',
  async (remainder, first) => {
    const embedder = await tinyEmbedder({ contextLength: 26, remainder });
    const { index } = await embedAll(embedder, waves(30, ['load']), { level: 'patch' });
    const second = first.map((row) => row + 4);
    expect([...index.firstRow]).toEqual([...first, ...second]);
    expect([...index.lastRow]).toEqual(
      [...first, ...second].map((row, i) =>
        i % first.length === 0 && remainder === 'pad' ? row + 1 : row + 3,
      ),
    );
    embedder.dispose();
  },
);

test('whatever lengths and stride, windows cover every row, in order, and stay in their recordings', async () => {
  const embedder = await tinyEmbedder();
  const lengths = fc.array(fc.integer({ min: 1, max: 3 * CONTEXT }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: CONTEXT }), (sizes, stride) => {
      const rows = sizes.reduce((sum, one) => sum + one);
      const frame = createFrame({ name: 'x', channels: ['x'], columns: [new Float32Array(rows)] });
      const embedding = embedder.embed(recordings(frame, sizes), { stride });
      const index = embedding.index();
      expect(index.firstTime).toBeUndefined();
      sizes.forEach((size, r) => {
        const own = [...index.recording.keys()].filter((w) => index.recording[w] === r);
        const covered = new Set<number>();
        own.forEach((w, i) => {
          const [first, last] = [index.firstRow[w]!, index.lastRow[w]!];
          expect(last - first + 1).toBe(Math.min(size, CONTEXT));
          for (let row = first; row <= last; row++) covered.add(row);
          if (i === 0) return;
          const step = first - index.firstRow[own[i - 1]!]!;
          expect(step).toBeGreaterThan(0);
          expect(i === own.length - 1 ? step <= stride : step === stride).toBe(true);
        });
        expect(covered.size).toBe(size);
        expect(index.lastRow[own.at(-1)!]).toBe(size - 1);
      });
      const part = embedding.index(1, embedding.shape[0]! - 1);
      expect([...part.firstRow]).toEqual([...index.firstRow.subarray(1)]);
    }),
    { seed: 7, numRuns: 200 },
  );
  embedder.dispose();
});
