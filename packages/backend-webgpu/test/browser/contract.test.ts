import { backendContract, deviceLossContract } from '@patchbert/backend-contract';
import { tfjsWebgpu } from '@patchbert/backend-webgpu';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';

/** Drawn in software, as in these tests, products of matrices take it long. */
const timeout = 240_000;

describe('tfjs-webgpu meets the backend contract in a page', () => {
  for (const { name, check } of backendContract) it(name, { timeout }, () => check(tfjsWebgpu));
});

describe('tfjs-webgpu survives a lost device in a page', () => {
  const lose = () => (tf.findBackend('webgpu') as WebGPUBackend).device.destroy();
  for (const { name, check } of deviceLossContract(lose)) it(name, { timeout }, () => check(tfjsWebgpu));
});
