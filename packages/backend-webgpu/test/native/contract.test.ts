import { backendContract, deviceLossContract } from '@patchbert/backend-contract';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe } from 'vitest';
import { runInSoftware } from '../support/in-software.ts';

/** The page's tests see that program; Dawn keeps a processor busy while it waits, so that everything takes longer here. */
const every = /./;

describe('tfjs-webgpu meets the backend contract in Node, through Dawn', () =>
  runInSoftware(backendContract, every));

describe('tfjs-webgpu survives a lost device in Node, through Dawn', () => {
  runInSoftware(
    deviceLossContract(() => (tf.findBackend('webgpu') as WebGPUBackend).device.destroy()),
    every,
  );
});
