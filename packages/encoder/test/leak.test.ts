import { reconstruct } from '@patchbert/encoder';
import { type Corruption, corruptPatches, visibleOrder, weightedMeanSquaredError } from '@patchbert/ops';
import { deriveKey, randomKey } from '@patchbert/random';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { drawNormals, numbers, smallConfig, smallParameters } from './model-setup.ts';

const shape: [number, number, number] = [2, 5, 3];
const masks = Uint8Array.of(0, 1, 0, 0, 1, 1, 0, 0, 1, 0);

/** From raw patches to the loss, as in training, but with one fixed target, so that only the input path is seen. */
async function predictionAndLoss(
  corruption: Corruption,
  values: Float32Array,
  target: tf.Tensor,
): Promise<number[][]> {
  const config = smallConfig({ corruption });
  const key = (series: number) => deriveKey(randomKey(0), series);
  const corrupted = corruptPatches({
    patches: values,
    masks,
    patchCount: 5,
    patchLength: 3,
    corruption,
    key,
  });
  const mask = tf.tensor3d([...masks], [2, 5, 1]);
  const order = visibleOrder(masks, 2, 5);
  const prediction = reconstruct(smallParameters(config), config, {
    patches: tf.tensor3d(corruption === 'visible-only' ? values : corrupted.patches, shape),
    ...(corruption === 'visible-only' && {
      visible: {
        visibleIndex: tf.tensor1d(order.visibleIndex, 'int32'),
        restoreIndex: tf.tensor1d(order.restoreIndex, 'int32'),
        masked: mask,
      },
    }),
    ...(corruption === 'token' && { tokenMask: tf.tensor3d([...corrupted.tokenMask], [2, 5, 1]) }),
  });
  return Promise.all([prediction, weightedMeanSquaredError(prediction, target, mask)].map(numbers));
}

describe('hidden values', () => {
  it.each<Corruption>(['visible-only', 'zero', 'token'])(
    'cannot be seen through "%s"',
    async (corruption) => {
      const target = drawNormals('patches', shape);
      const values = Float32Array.from(await numbers(target));
      const hiddenMoved = values.map((value, i) => (masks[Math.floor(i / 3)] ? value + 1e6 : value));
      const visibleMoved = values.map((value, i) => (masks[Math.floor(i / 3)] ? value : value + 0.1));
      const base = await predictionAndLoss(corruption, values, target);
      expect(await predictionAndLoss(corruption, hiddenMoved, target)).toEqual(base);
      expect(await predictionAndLoss(corruption, visibleMoved, target)).not.toEqual(base);
    },
  );
});
