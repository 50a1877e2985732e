import { maskCells, type SeriesPoints } from '@patchbert/augment';
import { type Backend, tfjsCpu } from '@patchbert/backend';
import { float32Tensor } from '@patchbert/ops';
import { randomKey } from '@patchbert/random';
import {
  fitSeriesInputs,
  initialisePretraining,
  openReconstructor,
  prepareSeries,
  type SeriesInputs,
  type SeriesModelChoices,
} from '@patchbert/series';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waves } from './support/waves.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await tfjsCpu.create();
});
afterAll(() => backend.dispose());

const train = waves({ series: 6, channels: 2, length: 20 });
const losses = { reconstruction: 1, spectrum: 0, instanceContrast: 0, hierarchicalContrast: 0 };
const small: SeriesModelChoices = {
  patchLength: 6,
  patchStride: 4,
  width: 8,
  layers: 1,
  heads: 2,
  feedForwardWidth: 8,
};

function model(choices: SeriesModelChoices = {}) {
  const inputs = fitSeriesInputs(train, { ...small, ...choices });
  const parameters = initialisePretraining(inputs, losses, randomKey(1));
  const points = prepareSeries(train, inputs.model, inputs.scaler);
  return { inputs, parameters, points };
}

const hide = (series: readonly SeriesPoints[], inputs: SeriesInputs) =>
  series.map((points, i) =>
    maskCells(points, { cellLength: inputs.model.patchLength, share: 0.4 }, randomKey(i)),
  );

describe.each(['mixed', 'independent'] as const)('channels %s', (channels) => {
  test('a point is the mean of what the patches that hold it say', async () => {
    const { inputs, parameters, points } = model({ channels });
    const outputs = channels === 'mixed' ? 12 : 6;
    const bias = Float32Array.from({ length: outputs }, (_, i) => i);
    const reconstructor = await openReconstructor({
      backend,
      inputs,
      parameters: {
        ...parameters,
        'head.weight': float32Tensor(new Float32Array(outputs * 8), [outputs, 8]),
        'head.bias': float32Tensor(bias, [outputs]),
      },
    });
    const [first] = await reconstructor.reconstruct(points);
    reconstructor.dispose();
    // Patches begin at 0, 4, 8, 12 and 16; points 4 and 5 lie in two of them, at places 4 and 0, and 5 and 1.
    const line = [0, 1, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3];
    const shift = channels === 'mixed' ? 6 : 0;
    expect([...first!]).toEqual([...line, ...line.map((value) => value + shift)]);
  });

  test('a series is filled alike in any batch, and hidden values are never read', async () => {
    const { inputs, parameters, points } = model({ channels });
    const masked = hide(points, inputs);
    const poisoned = masked.map((one) => ({
      ...one,
      values: one.values.map((value, i) => (one.visible[i] ? value : 1e6)),
    }));
    const reconstructor = await openReconstructor({ backend, inputs, parameters, batchSize: 4 });
    const together = await reconstructor.reconstruct(masked);
    expect(together.map(({ length }) => length)).toEqual(Array.from({ length: 6 }, () => 40));
    expect(await reconstructor.reconstruct(poisoned)).toEqual(together);
    expect(await reconstructor.reconstruct([masked[5]!])).toEqual([together[5]]);
    expect(await reconstructor.reconstruct([])).toEqual([]);
    reconstructor.dispose();
  });
});

test('a model that was never taught to fill in says so', async () => {
  const { inputs } = model();
  const contrast = { ...losses, reconstruction: 0, instanceContrast: 1 };
  const parameters = initialisePretraining(inputs, contrast, randomKey(1));
  await expect(openReconstructor({ backend, inputs, parameters })).rejects.toMatchObject({
    code: 'series/no-reconstruction',
  });
});
