import { float32Tensor } from '@patchbert/ops';
import { deriveKey, randomKey } from '@patchbert/random';
import { describe, expect, it } from 'vitest';
import {
  classificationBatch,
  drawPatchMask,
  forecastingBatch,
  forecastPatchMask,
  hidePatches,
  prepareSeries,
  rawSeries,
  regressionBatch,
} from '../src/index.ts';
import { smallModel, smallSeries } from './support/small-models.ts';

const { config } = smallModel();
const key = randomKey(2);

describe('prepareSeries', () => {
  it('takes NaN as missing: the same as a 0 that was not observed', () => {
    const { values } = smallSeries(2);
    const observed = new Uint8Array(values.data.length).fill(1);
    const gaps = Float32Array.from(values.data);
    const zeros = Float32Array.from(values.data);
    for (const i of [0, 7, 30, 61]) {
      gaps[i] = Number.NaN;
      zeros[i] = 0;
      observed[i] = 0;
    }
    const byNaN = prepareSeries(config, { values: float32Tensor(gaps, values.shape) });
    const byMask = prepareSeries(config, { values: float32Tensor(zeros, values.shape), observed });
    expect(byNaN).toEqual(byMask);
    expect(prepareSeries(config, smallSeries(2))).not.toEqual(byMask);
  });

  it('loses no digits to a large offset', () => {
    const wave = Float32Array.from({ length: 40 }, (_, i) => 2 ** 20 + (i % 4) * 0.125);
    const { patches, loc, scale } = prepareSeries(config, rawSeries(config, wave));
    // Channel 0 alternates between 0 and 0.25 above the offset.
    expect(loc.data[0]).toBe(2 ** 20 + 0.125);
    expect(scale.data[0]).toBeCloseTo(Math.sqrt(0.125 ** 2 + 1e-5), 6);
    expect(patches.data[1]).toBeCloseTo(0.125 / Math.sqrt(0.125 ** 2 + 1e-5), 6);
  });

  it('scales a series that was never observed as Hugging Face does', () => {
    const empty = { values: float32Tensor(new Float32Array(40).fill(Number.NaN), [1, 20, 2]) };
    const std = prepareSeries(config, empty);
    expect(std.loc.data).toEqual(Float32Array.of(0, 0));
    expect(std.scale.data[0]).toBeCloseTo(Math.sqrt(1e-5), 8);
    const { scale } = prepareSeries({ ...config, scaling: 'mean' }, empty);
    expect(scale.data[0]).toBeCloseTo(1e-10, 15);
  });

  it('says what is wrong with series', () => {
    const refuse = (series: Parameters<typeof prepareSeries>[1]) => () => prepareSeries(config, series);
    const { values } = smallSeries(1);
    expect(refuse({ values: { ...values, shape: [1, 2, 20] } })).toThrow(
      /values have shape \[1, 2, 20\]; expected \[series, 20, 2\]/,
    );
    expect(refuse({ values, observed: new Uint8Array(3) })).toThrow(/got 40 and 3 marks/);
    expect(refuse({ values: { ...values, data: new Float32Array(40).fill(1 / 0) } })).toThrow(
      /value 0 is Infinity/,
    );
    expect(() => rawSeries(config, new Float32Array(41))).toThrow(
      /41 values are not whole series of 20 points x 2/,
    );
  });
});

describe('drawPatchMask', () => {
  const ones = (mask: Uint8Array, from = 0, to = mask.length) =>
    mask.subarray(from, to).reduce((sum, one) => sum + one, 0);

  it('hides the rounded-up share of each series, other patches in each', () => {
    for (const [ratio, hidden] of [
      [0, 0],
      [0.3, 2],
      [0.5, 3],
      [0.99, 5],
    ] as const) {
      const mask = drawPatchMask({ ...config, masking: { ...config.masking, ratio } }, 40, key);
      for (let row = 0; row < 80; row++) expect(ones(mask, 5 * row, 5 * row + 5)).toBe(hidden);
      if (ratio === 0.5)
        expect(
          new Set(Array.from({ length: 80 }, (_, row) => mask.subarray(5 * row, 5 * row + 5).join())).size,
        ).toBeGreaterThan(5);
    }
  });

  it('is a function of its key', () => {
    expect(drawPatchMask(config, 8, key)).toEqual(drawPatchMask(config, 8, key));
    expect(drawPatchMask(config, 8, key)).not.toEqual(drawPatchMask(config, 8, deriveKey(key, 'other')));
  });

  it('gives all channels one mask, and some channels none', () => {
    const consistent = { ...config, masking: { ...config.masking, channelConsistent: true } };
    const mask = drawPatchMask(consistent, 30, key);
    for (let sample = 0; sample < 30; sample++) {
      expect(mask.slice(10 * sample, 10 * sample + 5)).toEqual(mask.slice(10 * sample + 5, 10 * sample + 10));
    }
    const shown = drawPatchMask(
      { ...config, masking: { ...config.masking, unmaskedChannels: [1] } },
      30,
      key,
    );
    for (let row = 0; row < 60; row++) expect(ones(shown, 5 * row, 5 * row + 5)).toBe(row % 2 === 0 ? 3 : 0);
  });

  it('hides the last patches, samples divided among the numbers', () => {
    const masking = { ...config.masking, kind: 'forecast' as const, patches: [2, 4] };
    const mask = forecastPatchMask({ ...config, masking }, [0, 1, 2, 3, 4]);
    const rows = Array.from({ length: 10 }, (_, row) => [...mask.subarray(5 * row, 5 * row + 5)].join(''));
    expect(rows).toEqual([...Array(6).fill('00011'), ...Array(4).fill('01111')]);
    const drawn = drawPatchMask({ ...config, masking }, 5, key);
    expect(ones(drawn)).toBe(ones(mask));
    const every = { ...config, masking: { ...masking, patches: [5] } };
    expect(() => drawPatchMask(every, 5, key)).toThrow(/5 of 5 patches are to be hidden/);
  });

  it('must be one of the patches it hides', () => {
    const { patches } = prepareSeries(config, smallSeries(1));
    expect(() => hidePatches(config, patches, [1, 0])).toThrow(
      /has 2 marks; patches of shape \[1, 2, 5, 4\] need 10/,
    );
  });
});

describe('batches', () => {
  const series = smallSeries(2);

  it('count no target that was not measured', () => {
    const future = float32Tensor(new Float32Array(12).fill(1), [2, 3, 2]);
    future.data[4] = Number.NaN;
    const { target, lossWeight } = forecastingBatch(config, series, future);
    expect([...lossWeight!.data]).toEqual([1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1]);
    expect(target!.data[4]).toBe(0);
  });

  it('say what is wrong with targets', () => {
    const wrong = float32Tensor(new Float32Array(12), [2, 2, 3]);
    expect(() => forecastingBatch(config, series, wrong)).toThrow(
      /targets have shape \[2, 2, 3\]; expected \[2, 3, 2\]/,
    );
    const infinite = float32Tensor(Float32Array.of(0, 0, 0, 0, 0, -1 / 0), [2, 3]);
    expect(() => regressionBatch(config, series, infinite)).toThrow(/target 5 is -Infinity/);
    expect(() => classificationBatch(config, series, [0])).toThrow(/1 classes for 2 series/);
    expect(() => classificationBatch(config, series, [0, 3])).toThrow(
      /class 3 of sample 1 is none of 0 to 2/,
    );
    expect(() => classificationBatch(config, series, [0.5, 1])).toThrow(/class 0.5 of sample 0/);
  });
});
