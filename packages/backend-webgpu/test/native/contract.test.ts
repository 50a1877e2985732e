import { backendContract, deviceLossContract } from '@patchbert/backend-contract';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe } from 'vitest';
import { runInSoftware } from '../support/in-software.ts';

describe('tfjs-webgpu meets the backend contract in Node, through Dawn', () =>
  runInSoftware(backendContract));

describe('tfjs-webgpu survives a lost device in Node, through Dawn', () => {
  runInSoftware(deviceLossContract(() => (tf.findBackend('webgpu') as WebGPUBackend).device.destroy()));
});
