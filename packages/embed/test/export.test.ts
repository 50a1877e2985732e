import { createFrame, panelOf } from '@patchbert/data';
import * as onnx from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { collectEmbedding, exportEncoder, openEmbedder } from '../src/index.ts';
import { CONTEXT, testBackend, tinyEncoder } from './support/tiny-encoder.ts';

test.each([1, 7, 64])(
  'an exported encoder gives the vectors of the library for a batch of %s',
  async (batch) => {
    const encoder = tinyEncoder();
    const { file, inputs, outputs } = await exportEncoder(encoder, { pooling: 'max' });
    expect(inputs).toEqual([{ name: 'values', dtype: 'float32', shape: ['batch', CONTEXT] }]);
    expect(outputs.map(({ name }) => name)).toEqual(['patches', 'vectors']);
    const session = await onnx.InferenceSession.create(file, { intraOpNumThreads: 1 });
    const rows = CONTEXT + batch - 1;
    const values = Float32Array.from({ length: rows }, (_, i) =>
      i % 13 < 2 || (i > 30 && i < 40) ? Number.NaN : 1e5 + 20 * Math.sin(i / 3),
    );
    const frame = createFrame({ name: 'x', channels: ['x'], columns: [values] });
    const embedder = openEmbedder(await testBackend(), encoder);
    const windows = Array.from({ length: batch }, (_, i) => [...values.subarray(i, i + CONTEXT)]).flat();
    const found = await session.run({
      values: new onnx.Tensor('float32', Float32Array.from(windows), [batch, CONTEXT]),
    });
    for (const [name, options] of [
      ['patches', { level: 'patch', stride: 1 }],
      ['vectors', { level: 'series', pooling: 'max', stride: 1 }],
    ] as const) {
      const { vectors } = await collectEmbedding(embedder.embed(panelOf(frame), options));
      const data = found[name]!.data as Float32Array;
      expect(data.length).toBe(vectors.length);
      vectors.forEach((value, i) => {
        if (Number.isNaN(value)) expect(data[i]).toBeNaN();
        else expect(Math.abs(data[i]! - value)).toBeLessThan(1e-5);
      });
    }
    embedder.dispose();
  },
);

test('a pooling that the encoder has not got is refused', async () => {
  await expect(exportEncoder(tinyEncoder(), { pooling: 'class' })).rejects.toMatchObject({
    code: 'embed/no-class-token',
  });
});
