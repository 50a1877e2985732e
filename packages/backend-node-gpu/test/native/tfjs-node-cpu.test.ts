import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { tfjsCpu } from '@patchbert/backend';
import { backendContract } from '@patchbert/backend-contract';
import { tfjsNodeCpu, tfjsNodeGpu } from '@patchbert/backend-node-gpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it, test } from 'vitest';

test('leaves the current backend of TensorFlow.js as it is', async () => {
  const cpu = await tfjsCpu.create();
  await tf.setBackend('cpu');
  expect(await tfjsNodeCpu.isAvailable()).toEqual({ available: true });
  expect(tf.getBackend()).toBe('cpu');
  await cpu.dispose();
});

describe('the contract', () => {
  for (const { name, check } of backendContract) it(name, () => check(tfjsNodeCpu));
});
