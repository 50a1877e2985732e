import { placeMaskToken, restoreTokens, type TokenIndex, takeTokens } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectGradientMatchesDifferences, expectTensorsLeft, normalTensor } from './gradient-check.ts';

// Two series of four patches: the first shows patches 1 and 3, the second 0 and 1.
const masked = tf.tensor3d([
  [[1], [0], [1], [0]],
  [[0], [0], [1], [1]],
]);
const index: TokenIndex = {
  visibleIndex: tf.tensor1d([1, 3, 4, 5], 'int32'),
  restoreIndex: tf.tensor1d([0, 0, 0, 1, 2, 3, 2, 2], 'int32'),
  masked,
};
const tokens = normalTensor<tf.Tensor3D>([6, 1], [2, 4, 3]);
const maskToken = normalTensor([6, 2], [3]);
const take = (x: tf.Tensor) => takeTokens(x as tf.Tensor3D, index);
const restore = (x: tf.Tensor, token: tf.Tensor) => restoreTokens(x as tf.Tensor3D, token, index);

describe('takeTokens', () => {
  it('takes the visible tokens in order', () => {
    const rows = tokens.arraySync();
    expect(take(tokens).arraySync()).toEqual([
      [rows[0]![1], rows[0]![3]],
      [rows[1]![0], rows[1]![1]],
    ]);
  });

  it('agrees with central differences', () => {
    expectGradientMatchesDifferences((x) => take(x!), [tokens]);
  });
});

describe('restoreTokens', () => {
  it('puts every visible token back and the mask token everywhere else', () => {
    const rows = tokens.arraySync();
    const token = [...maskToken.dataSync()];
    expect(restore(take(tokens), maskToken).arraySync()).toEqual([
      [token, rows[0]![1], token, rows[0]![3]],
      [rows[1]![0], rows[1]![1], token, token],
    ]);
  });

  it('agrees with central differences', () => {
    expectGradientMatchesDifferences((x, token) => restore(x!, token!), [take(tokens), maskToken]);
  });
});

describe('placeMaskToken', () => {
  it('replaces marked tokens alone', () => {
    const placed = placeMaskToken(tokens, maskToken, masked).arraySync();
    const rows = tokens.arraySync();
    expect(placed[0]![0]).toEqual([...maskToken.dataSync()]);
    expect(placed[0]![1]).toEqual(rows[0]![1]);
    expect(placed[1]![3]).toEqual([...maskToken.dataSync()]);
  });

  it('agrees with central differences', () => {
    expectGradientMatchesDifferences(
      (x, token) => placeMaskToken(x as tf.Tensor3D, token!, masked),
      [tokens, maskToken],
    );
  });
});

it('each leaves its result alone', () => {
  const visible = take(tokens);
  expectTensorsLeft(1, () => take(tokens));
  expectTensorsLeft(1, () => restore(visible, maskToken));
  expectTensorsLeft(1, () => placeMaskToken(tokens, maskToken, masked));
});
