import { encodePatches } from '@patchbert/encoder';
import { float32Tensor, instanceStatistics, type PatchLayout, patchifySeries } from '@patchbert/ops';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import { signatureOf } from '@patchbert/train';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { embeddingStep } from '../src/index.ts';
import { adapters, CONTEXT, largestDifference, testBackend, tinyEncoder } from './support/tiny-encoder.ts';

/** Windows that normalisation in single precision could get wrong: offsets, tiny and huge units, outliers, gaps. */
const windows: readonly (readonly number[])[] = [
  [1, 0],
  [1, 4000],
  [1e-3, -50],
  [1e30, 0],
  [1e36, 2.5e38],
  [1e-25, 0],
].map(([unit, offset], w) =>
  Array.from(normals(deriveKey(randomKey(5), String(w)), CONTEXT), (z, i) =>
    i === 3 ? 40 * unit! + offset! : (z % 1) * unit! + offset!,
  ),
);
const values = Float32Array.from(windows.flat());
const observed = Float32Array.from(values, (_, i) => (i % 5 === 2 || (i > 30 && i < 37) ? 0 : 1));

/** What the host makes of a window: statistics in float64 over observed points, as forecasters and pretraining have them. */
function normalisedPatches(layout: PatchLayout, limit: number) {
  const filled = values.map((value, i) => (observed[i] === 1 ? value : Number.NaN));
  const normalised = filled.map((value, i) => {
    const start = Math.floor(i / CONTEXT) * CONTEXT;
    const { mean, scale } = instanceStatistics(filled, undefined, { start, length: CONTEXT, epsilon: 0 });
    return Math.min(Math.max((value - mean) / scale, -limit), limit);
  });
  const patches = patchifySeries(normalised, layout);
  const { patchLength } = layout;
  const keys = Float32Array.from({ length: patches.length / patchLength }, (_, p) =>
    patches.subarray(p * patchLength, (p + 1) * patchLength).every(Number.isNaN) ? 0 : 1,
  );
  return { patches: patches.map((value) => (Number.isNaN(value) ? 0 : value)), keys };
}

describe.each(Object.keys(adapters) as (keyof typeof adapters)[])('on %s', (name) => {
  test('normalisation inside the step agrees with float64 on the host', async () => {
    const backend = await testBackend(name);
    const { encoder, parameters } = tinyEncoder();
    const { layout, config, outlierLimit } = encoder;
    const { patches, keys } = normalisedPatches(layout, outlierLimit);
    const prepared = {
      patches: float32Tensor(patches, [windows.length, layout.patchCount, layout.patchLength]),
      keyMask: float32Tensor(keys, [windows.length, layout.patchCount]),
    };
    const reference = await backend.compile(
      (state, batch) => ({
        state: {},
        outputs: {
          vectors: encodePatches(state, config, {
            patches: batch.patches as Tensor3D,
            keyMask: batch.keyMask as Tensor2D,
          }),
        },
      }),
      signatureOf(parameters, prepared),
    );
    await reference.writeState(parameters);
    const expected = (await reference.run(prepared)).vectors!;

    const raw = {
      values: float32Tensor(values, [windows.length, CONTEXT]),
      observed: float32Tensor(observed, [windows.length, CONTEXT]),
    };
    const program = await backend.compile(embeddingStep(encoder, 'none'), signatureOf(parameters, raw));
    await program.writeState(parameters);
    const { vectors, seen } = await program.run(raw);
    expect([...seen!.data]).toEqual([...keys]);
    expect(keys.includes(0)).toBe(true);
    expect(largestDifference(vectors!.data, expected.data)).toBeLessThan(2e-5);

    // What stands at missing points is nobody's business.
    const fillers = [Number.NaN, 1e30, -7, Number.POSITIVE_INFINITY];
    for (const filler of fillers) {
      const filled = values.map((value, i) => (observed[i] === 1 ? value : filler));
      const other = await program.run({ ...raw, values: float32Tensor(filled, [windows.length, CONTEXT]) });
      expect(largestDifference(other.vectors!.data, vectors!.data)).toBe(0);
    }
    program.dispose();
    reference.dispose();
  });
});
