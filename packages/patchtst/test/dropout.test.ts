import type { Backend } from '@patchbert/backend';
import type { HostTensors } from '@patchbert/ops';
import { deriveKey, randomKey } from '@patchbert/random';
import { signatureOf } from '@patchbert/train';
import { describe, expect, it } from 'vitest';
import {
  drawPatchTSTDropout,
  type PatchTSTModel,
  type PatchTSTTask,
  prepareSeries,
  trainPatchTST,
} from '../src/index.ts';
import { engines, startedBackend } from './support/backends.ts';
import { smallModel, smallSeries } from './support/small-models.ts';

const key = randomKey(4);
const everywhere = { attention: 0.3, position: 0.3, path: 0.3, feedForward: 0.3, head: 0.3 };
const tasks: readonly PatchTSTTask[] = ['pretrain', 'forecast', 'classify', 'regress', 'encode'];

async function outputs(backend: Backend, { config, parameters }: PatchTSTModel, masks: HostTensors) {
  const batch = { ...prepareSeries(config, smallSeries(3)), ...masks };
  const program = await backend.compile(
    (state, inputs) => {
      const { prediction, hiddenStates } = trainPatchTST(state, config, inputs);
      return { state: {}, outputs: { output: prediction ?? hiddenStates.last } };
    },
    signatureOf(parameters, batch),
  );
  await program.writeState(parameters);
  return (await program.run(batch)).output!.data;
}

describe.each(engines)('dropout on $name', (adapter) => {
  const backend = startedBackend(adapter);

  it.each(tasks)('acts at every place of a model for "%s"', async (task) => {
    const model = smallModel({ task, channelAttention: true, dropout: everywhere, norm: 'layer' });
    const masks = drawPatchTSTDropout(model.config, 3, key);
    const places = Object.keys(masks);
    // Per layer two attentions, three paths and a feed-forward; the position; and the head.
    expect(places.length).toBe(2 * 6 + 1 + (task === 'encode' ? 0 : 1));
    const ones = Object.fromEntries(
      Object.entries(masks).map(([name, mask]) => [
        name,
        { ...mask, data: new Float32Array(mask.data.length).fill(1) },
      ]),
    );
    const plain = await outputs(backend(), model, {});
    const kept = await outputs(backend(), model, ones);
    kept.forEach((value, i) => {
      expect(value).toBeCloseTo(plain[i]!, 5);
    });
    for (const place of adapter.name === 'tfjs-cpu' ? places : places.slice(0, 3)) {
      const one = await outputs(backend(), model, { ...ones, [place]: masks[place]! });
      expect(one, place).not.toEqual(kept);
    }
  });
});

describe('drawPatchTSTDropout', () => {
  it('draws nothing for a model that drops nothing', () => {
    expect(drawPatchTSTDropout(smallModel().config, 3, key)).toEqual({});
  });

  it('draws 0 and 1 / (1 - p), at the rate, from its key', () => {
    const { config } = smallModel({ dropout: { feedForward: 0.25 } });
    const masks = drawPatchTSTDropout(config, 50, key);
    expect(Object.keys(masks)).toEqual([0, 1].map((layer) => `dropout.encoder.layers.${layer}.feedForward`));
    const { data } = masks['dropout.encoder.layers.0.feedForward']!;
    const kept = data.filter((value) => value > 0);
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / 0.75)]));
    expect(kept.length / data.length).toBeGreaterThan(0.72);
    expect(kept.length / data.length).toBeLessThan(0.78);
    expect(drawPatchTSTDropout(config, 50, key)).toEqual(masks);
    expect(drawPatchTSTDropout(config, 50, deriveKey(key, 'next'))).not.toEqual(masks);
  });
});
