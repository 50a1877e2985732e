import { backendContract, deviceLossContract } from '@patchbert/backend-contract';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe } from 'vitest';
import { longCases, runInSoftware } from '../support/in-software.ts';

describe('tfjs-webgpu meets the backend contract in a page', () => runInSoftware(backendContract, longCases));

describe('tfjs-webgpu survives a lost device in a page', () => {
  runInSoftware(
    deviceLossContract(() => (tf.findBackend('webgpu') as WebGPUBackend).device.destroy()),
    longCases,
  );
});
