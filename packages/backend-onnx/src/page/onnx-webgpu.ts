import { defineBackend } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import { identityModel, webgpuForms } from '@patchbert/onnx';
import type * as ort from 'onnxruntime-common';
import { descriptions } from '../descriptions.ts';
import { createOnnxBackend } from '../session/onnx-backend.ts';
import { plainReason } from '../session/plain-reason.ts';
import { describeAdapter, requestAdapter, requestDevice } from './graphics-device.ts';
import { loadFailure } from './load-failure.ts';
import { pageRuntime } from './page-runtime.ts';

const NAME = 'onnx-webgpu';

/**
 * ONNX Runtime on the graphics card of whoever views the page, through WebGPU. Each backend has a device of its own, and the
 * state stays on it. Needs `onnxruntime-web`.
 *
 * @example
 * const backend = await onnxWebgpu.create();
 */
export const onnxWebgpu = defineBackend({
  name: NAME,
  description: descriptions[NAME],
  async isAvailable() {
    const adapter = await requestAdapter();
    if (typeof adapter === 'string') return { available: false, reason: adapter };
    try {
      await import('onnxruntime-web/webgpu');
    } catch (error) {
      return {
        available: false,
        reason: `onnxruntime-web does not load (${plainReason(error)}); install it.`,
      };
    }
    return { available: true };
  },
  async start() {
    const adapter = await requestAdapter();
    if (typeof adapter === 'string') {
      throw new PatchBertError('backend/unavailable', `backend "${NAME}" cannot run here: ${adapter}`);
    }
    const device = await requestDevice(adapter);
    let lost: string | undefined;
    void device.lost.then(({ reason, message }) => {
      lost = message || reason;
    });
    const onnxruntime = await import('onnxruntime-web/webgpu');
    const provider = { name: 'webgpu', device } as ort.InferenceSession.WebGpuExecutionProviderOption;
    const runtime = pageRuntime(onnxruntime, provider);
    try {
      const session = await runtime.createSession(identityModel('float32'), []);
      await session.release();
    } catch (error) {
      device.destroy();
      throw loadFailure(NAME, error);
    }
    const engine = `ONNX Runtime ${onnxruntime.env.versions.web ?? ''}, webgpu, ${describeAdapter(adapter)}`;
    return createOnnxBackend({
      name: NAME,
      capabilities: { trains: true, precision: 'float32', engine },
      forms: webgpuForms,
      statePlace: 'device',
      runtime,
      deviceLost: () => lost,
      release: () => device.destroy(),
    });
  },
});
