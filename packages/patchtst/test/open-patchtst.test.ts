import { float32Tensor } from '@patchbert/ops';
import { randomKey } from '@patchbert/random';
import { describe, expect, it } from 'vitest';
import { createPatchTST, openPatchTST, patchtstParameterSpecs, rawSeries } from '../src/index.ts';
import { engines, startedBackend } from './support/backends.ts';
import { smallModel, smallSeries } from './support/small-models.ts';

describe.each(engines)('openPatchTST on $name', (adapter) => {
  const backend = startedBackend(adapter);

  it('gives each series the same whatever the size of the batch', async () => {
    const model = smallModel({ task: 'classify', classToken: true });
    const small = openPatchTST(model, backend(), { batchSize: 2 });
    const large = openPatchTST(model, backend(), { batchSize: 16 });
    const [a, b] = await Promise.all([small.classify(smallSeries(5)), large.classify(smallSeries(5))]);
    expect(a.shape).toEqual([5, 3]);
    a.data.forEach((value, i) => {
      expect(value).toBeCloseTo(b.data[i]!, 5);
    });
    small.dispose();
    large.dispose();
  });

  it('forecasts in the units of the series', async () => {
    const model = smallModel();
    const open = openPatchTST(model, backend(), { batchSize: 1 });
    const { values } = smallSeries(1);
    const larger = float32Tensor(
      Float32Array.from(values.data, (x) => 64 * x + 1024),
      values.shape,
    );
    const forecast = await open.forecast({ values });
    const scaled = await open.forecast({ values: larger });
    scaled.data.forEach((value, i) => {
      expect((value - 1024) / 64).toBeCloseTo(forecast.data[i]!, 2);
    });
  });

  it('encodes with any head: what each layer is given and what the last one leaves', async () => {
    const open = openPatchTST(smallModel({ classToken: true }), backend());
    const { hiddenStates, lastHiddenState } = await open.encode(smallSeries(3));
    expect(hiddenStates.map(({ shape }) => shape)).toEqual(Array(2).fill([3, 2, 6, 8]));
    expect(lastHiddenState.shape).toEqual([3, 2, 6, 8]);
  });

  it('says what a head is not for', async () => {
    const open = openPatchTST(smallModel(), backend());
    const series = smallSeries(1);
    for (const [task, ask] of [
      ['classify', () => open.classify(series)],
      ['regress', () => open.regress(series)],
      ['pretrain', () => open.reconstruct(series, new Uint8Array(10))],
    ] as const) {
      await expect(ask()).rejects.toMatchObject({
        code: 'patchtst/wrong-task',
        message: expect.stringMatching(`this model's task is "forecast", not "${task}"`),
      });
    }
    const { config } = smallModel();
    await expect(
      open.forecast(rawSeries({ ...config, contextLength: 10 }, new Float32Array(20))),
    ).rejects.toThrow(/expected \[series, 20, 2\]/);
    expect(() => openPatchTST(smallModel(), backend(), { batchSize: 0 })).toThrow(/batchSize is 0/);
  });
});

describe('createPatchTST', () => {
  const shape = { contextLength: 20, patchLength: 4, patchStride: 4, width: 8, heads: 2 };

  it('makes every tensor, of its shape, from the key', () => {
    const input = { task: 'forecast', ...shape, classToken: true, channelAttention: true } as const;
    const model = createPatchTST(input, randomKey(5));
    const specs = patchtstParameterSpecs(model.config);
    expect(Object.keys(model.parameters)).toEqual(Object.keys(specs));
    for (const [name, spec] of Object.entries(specs)) {
      const tensor = model.parameters[name]!;
      expect([tensor.dtype, tensor.shape], name).toEqual([spec.dtype, spec.shape]);
      if (name.endsWith('.runningVariance')) expect(new Set(tensor.data)).toEqual(new Set([1]));
    }
    expect(createPatchTST(input, randomKey(5))).toEqual(model);
    expect(createPatchTST(input, randomKey(6))).not.toEqual(model);
  });

  it('refuses what does not fit together', () => {
    const create = (options: object) => () =>
      createPatchTST({ task: 'forecast', ...shape, ...options }, randomKey(0));
    expect(create({ heads: 3 })).toThrow(/3 heads do not divide width 8/);
    expect(create({ task: 'classify', pooling: 'none' })).toThrow(
      /needs pooling "mean" or "max", or a class token/,
    );
    expect(create({ width: 9, heads: 3 })).toThrow(/needs an even width, not 9/);
    expect(create({ patchLength: 20 })).toThrow(/must be shorter than the context/);
    expect(create({ masking: { unmaskedChannels: [1] } })).toThrow(
      /unmaskedChannels names 1; channels are 0 to 0/,
    );
    expect(create({ patchLenght: 4 })).toThrow(/Did you mean "patchLength"/);
  });
});
