import { backendContract } from '@patchbert/backend-contract';
import { onnxWebgpu } from '@patchbert/backend-onnx';
import { float32Tensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

describe('onnx-webgpu meets the backend contract in a page', () => {
  for (const { name, check } of backendContract) it(name, () => check(onnxWebgpu));
});

describe('onnx-webgpu in a page', () => {
  it('leaves nothing to the processor: it names the kernel it cannot take', async () => {
    const backend = await onnxWebgpu.create();
    const signature = { state: {}, batch: { x: { shape: [4], dtype: 'int32' as const } } };
    const compiling = backend.compile(
      (_, { x }) => ({ state: {}, outputs: { y: tf.slice(x!, 1) } }),
      signature,
    );
    await expect(compiling).rejects.toMatchObject({
      code: 'backend/unsupported-kernel',
      message: expect.stringMatching(/webgpu, .*\) does not run the tfjs kernel "Slice" of int32 \[4\]/),
    });
    await backend.dispose();
  });

  it('says that its device is lost, from then on; another backend has another device', async () => {
    const devices = watchDevices();
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

    devices[0]!.destroy();
    await devices[0]!.lost;
    const lost = { code: 'backend/device-lost', message: expect.stringContaining('onnx-webgpu') };
    await expect(program.run({ x })).rejects.toMatchObject(lost);
    await expect(program.readState()).rejects.toMatchObject(lost);
    await expect(first.compile(step, signature)).rejects.toMatchObject(lost);
    await first.dispose();

    expect((await other.run({ x })).next?.data).toEqual(Float32Array.of(2, 4));
    await second.dispose();
  });
});

type Tensors = Readonly<Record<string, tf.Tensor>>;

interface Device {
  readonly lost: Promise<unknown>;
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
