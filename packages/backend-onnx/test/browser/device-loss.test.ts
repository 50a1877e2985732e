import { deviceLossContract } from '@patchbert/backend-contract';
import { onnxWebgpu } from '@patchbert/backend-onnx';
import { float32Tensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

const timeout = 240_000;
const devices = watchDevices();

describe('onnx-webgpu survives a lost device in a page', () => {
  const lose = () => devices.at(-1)!.destroy();
  for (const { name, check } of deviceLossContract(lose)) it(name, { timeout }, () => check(onnxWebgpu));

  it('each backend has a device of its own: another goes on', { timeout }, async () => {
    const spec = { shape: [2], dtype: 'float32' as const };
    const signature = { state: { sum: spec }, batch: { x: spec } };
    const step = ({ sum }: Tensors, { x }: Tensors) => {
      const next = tf.add(sum!, x!);
      return { state: { sum: next }, outputs: { next } };
    };
    const x = float32Tensor(Float32Array.of(1, 2));
    const [first, second] = [await onnxWebgpu.create(), await onnxWebgpu.create()];
    const [program, other] = [await first.compile(step, signature), await second.compile(step, signature)];
    await program.writeState({ sum: x });
    await other.writeState({ sum: x });
    await program.run({ x });

    devices.at(-2)!.destroy();
    const lost = { code: 'backend/device-lost', message: expect.stringContaining('onnx-webgpu') };
    await expect(program.run({ x })).rejects.toMatchObject(lost);
    await first.dispose();

    expect((await other.run({ x })).next?.data).toEqual(Float32Array.of(2, 4));
    await second.dispose();
  });
});

type Tensors = Readonly<Record<string, tf.Tensor>>;

interface Device {
  destroy(): void;
}

/** The graphics devices that the page gets from now on. */
function watchDevices(): readonly Device[] {
  const devices: Device[] = [];
  const { prototype } = (globalThis as unknown as { GPUAdapter: { prototype: Requesting } }).GPUAdapter;
  const request = prototype.requestDevice;
  prototype.requestDevice = async function (this: unknown, ...description) {
    const device = await request.apply(this, description);
    devices.push(device);
    return device;
  };
  return devices;
}

interface Requesting {
  requestDevice(this: unknown, ...description: unknown[]): Promise<Device>;
}
