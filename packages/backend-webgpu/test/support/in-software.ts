import type { ContractCase } from '@patchbert/backend-contract';
import { tfjsWebgpu } from '@patchbert/backend-webgpu';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { it } from 'vitest';

/** Milliseconds; WebGPU in software takes its time. */
const timeout = 240_000;

/** Cases of many training steps, or of many programs. */
export const longCases = /twenty|200|shows a|lost/;

/** tfjs' program for matrices of any size: 3 in its flag. */
const GENERAL_PROGRAM = 3;
const AS_TFJS_CHOOSES = -1;

/**
 * Binds contract cases to the runner. Where at most 128 numbers come of a product tfjs takes a program of its own, which is slow
 * without a graphics card and which matrices of real models never see; cases whose name matches `without` do without it.
 */
export function runInSoftware(cases: readonly ContractCase[], without: RegExp): void {
  for (const { name, check } of cases) {
    it(name, { timeout }, async () => {
      const program = without.test(name) ? GENERAL_PROGRAM : AS_TFJS_CHOOSES;
      tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', program);
      await check(tfjsWebgpu);
    });
  }
}
