import { float64Reference } from '@patchbert/backend-contract';
import { float32Tensor, gelu, layerNorm, scalarTensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { drawn, evaluate } from './evaluate.ts';

/** erf at numbers that single precision holds exactly, to 17 digits (Python's math.erf). */
const errorFunction = [
  [0.0, 0.0],
  [0.001, 0.0011283788445643173],
  [0.1, 0.11246291768297051],
  [0.25, 0.2763263901682369],
  [0.5, 0.5204998778130465],
  [1.0, 0.8427007929497149],
  [-1.0, -0.8427007929497149],
  [1.5, 0.9661051464753108],
  [2.0, 0.9953222650189527],
  [-2.5, -0.999593047982555],
  [3.0, 0.9999779095030014],
  [4.0, 0.9999999845827421],
  [5.0, 0.9999999999984626],
  [5.9, 0.9999999999999999],
  [6.5, 1.0],
] as const;

describe('the float64 reference is exact to double precision', () => {
  it('in erf', async () => {
    // Expected values enter as sums of three numbers of single precision, and the difference leaves magnified.
    const parts = errorFunction.map(([, value]) => {
      const high = Math.fround(value);
      const middle = Math.fround(value - high);
      return [high, middle, Math.fround(value - high - middle)];
    });
    const column = (i: number) => float32Tensor(Float32Array.from(parts, (part) => part[i]!));
    const { error } = await evaluate(
      ({ x, high, middle, low }) => ({
        error: tf.mul(tf.sub(tf.sub(tf.sub(tf.erf(x!), high!), middle!), low!), 2 ** 50),
      }),
      {
        x: float32Tensor(Float32Array.from(errorFunction, ([x]) => x)),
        ...{ high: column(0), middle: column(1), low: column(2) },
      },
    );
    for (const value of error!.data) expect(Math.abs(value)).toBeLessThanOrEqual(4);
  });

  it('in sums of numbers of very different size', async () => {
    const { sum } = await evaluate(({ x }) => ({ sum: tf.sum(x!) }), {
      x: float32Tensor(Float32Array.of(1e9, 0.25, -1e9, 0.5)),
    });
    expect([...sum!.data]).toEqual([0.75]);
  });

  it('in the primitives: layer norm and gelu equal their definitions', async () => {
    const { norm, linear } = await evaluate(
      ({ x, scale, offset }) => {
        const centred = tf.sub(x!, tf.mean(x!, -1, true));
        const deviation = tf.sqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-3));
        const defined = tf.add(tf.mul(tf.div(centred, deviation), scale!), offset!);
        const cdf = tf.mul(tf.add(tf.erf(tf.div(x!, tf.sqrt(2))), 1), 0.5);
        return {
          norm: tf.max(tf.abs(tf.sub(layerNorm(x!, scale!, offset!, 1e-3), defined))),
          linear: tf.max(tf.abs(tf.sub(gelu(x!), tf.mul(x!, cdf)))),
        };
      },
      { x: drawn('x', [4, 6]), scale: drawn('scale', [6]), offset: drawn('offset', [6]) },
    );
    expect(norm!.data[0]!).toBeLessThan(1e-14);
    // sqrt(1/2) of single precision enters the second form.
    expect(linear!.data[0]!).toBeLessThan(1e-7);
  });

  it('in the state between runs', async () => {
    const backend = await float64Reference.create();
    const scalar = { shape: [], dtype: 'float32' } as const;
    const program = await backend.compile(
      ({ sum }, { x }) => ({ state: { sum: tf.add(sum!, x!) }, outputs: {} }),
      {
        state: { sum: scalar },
        batch: { x: scalar },
      },
    );
    await program.writeState({ sum: scalarTensor(1) });
    // Each addend is lost in single precision.
    for (let i = 0; i < 1024; i++) await program.run({ x: scalarTensor(2 ** -30) });
    expect((await program.readState()).sum!.data[0]).toBe(1 + 2 ** -20);
    await backend.dispose();
  });

  it('and refuses rows that are not there', async () => {
    const gather = evaluate(({ x }) => ({ y: tf.gather(x!, tf.tensor1d([0, 3], 'int32')) }), {
      x: drawn('x', [3]),
    });
    await expect(gather).rejects.toMatchObject({
      code: 'backend/bad-index',
      message: expect.stringContaining('row 3'),
    });
  });
});
