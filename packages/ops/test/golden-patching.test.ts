import { patchify, patchifySeries, patchLayout } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectOutput, goldenCases, goldenTensors } from './golden.ts';

interface PatchifyCase {
  L: number;
  P: number;
  S: number;
  i: number;
  num_patches: number;
  sequence_start: number;
}

describe('patchify', () => {
  const golden = goldenTensors('patchify');

  it.each(goldenCases<PatchifyCase>('patchify'))('length $L, patches of $P every $S', (facts) => {
    const layout = patchLayout({ contextLength: facts.L, patchLength: facts.P, patchStride: facts.S });
    expect(layout.patchCount).toBe(facts.num_patches);
    expect(layout.dropped).toBe(facts.sequence_start);
    const x = tf.transpose(golden.tensor<tf.Tensor3D>(`x.${facts.i}`), [0, 2, 1]); // [B, L, C] -> [B, C, L]
    const series = tf.reshape(x, [-1, facts.L]) as tf.Tensor2D; // [B, C, L] -> [S, L]
    const expected = golden.values(`patches.${facts.i}`);
    expectOutput(patchify(series, layout), expected);
    expectOutput(patchifySeries(Float32Array.from(series.dataSync()), layout), expected);
  });
});
