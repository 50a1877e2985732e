import { float32Tensor, type HostTensors, int32Tensor } from '@patchbert/ops';
import { randomKey } from '@patchbert/random';
import { describe, expect, it } from 'vitest';
import { mixSeries } from '../src/fit/mix-series.ts';

const SERIES = 60;
const CHANNELS = 3;

/** Every number of a series is 1000 to the power of its channel. */
function batch(perChannel: boolean): HostTensors {
  const channels = Int32Array.from({ length: SERIES }, (_, s) => s % CHANNELS);
  const values = Float32Array.from(channels, (channel) => 1000 ** channel);
  return {
    patches: float32Tensor(values, [SERIES, 1, 1]),
    target: float32Tensor(values, [SERIES, 1]),
    lossWeight: float32Tensor(new Float32Array(SERIES).fill(1), [SERIES, 1]),
    ...(perChannel && { channel: int32Tensor(channels, [SERIES]) }),
  };
}

/** Series whose size is no longer that of their channel: they hold a share of another one. */
function strangers(perChannel: boolean, seed: number): number {
  const given = batch(perChannel);
  const mixed = mixSeries(given, randomKey(seed));
  return [...mixed.target!.data].filter(
    (value, s) => Math.abs(Math.abs(value) / given.target!.data[s]! - 1) > 1e-5,
  ).length;
}

describe('mixing series', () => {
  it('of heads per channel stays within the channel', () => {
    for (let seed = 0; seed < 20; seed++) expect(strangers(true, seed)).toBe(0);
  });

  it('of a shared head goes across channels', () => {
    expect(strangers(false, 0)).toBeGreaterThan(5);
  });

  it('of heads per channel mixes different series', () => {
    const given = batch(true);
    const values = Float32Array.from({ length: SERIES }, (_, s) => 1 + s);
    const own = { ...given, target: float32Tensor(values, [SERIES, 1]) };
    const mixed = mixSeries(own, randomKey(1)).target!.data;
    expect([...mixed].filter((value, s) => Math.abs(value) !== values[s]).length).toBeGreaterThan(10);
  });
});
