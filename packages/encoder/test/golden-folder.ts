import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readSafetensors, type SafeTensor, toFloat32 } from '@patchbert/safetensors';
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { numbers } from './model-setup.ts';

const folder =
  process.env.PATCHBERT_GOLDEN_DIR ?? path.join(import.meta.dirname, '../../../../shared/golden');

/** Sub-folders with a configuration: one model each, and one of operators. */
export function goldenFolders(): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, 'config.json')))
    .sort();
}

export function goldenJson(...names: string[]): Record<string, unknown> {
  return JSON.parse(readFileSync(path.join(folder, ...names), 'utf8'));
}

export interface GoldenTensors {
  readonly names: readonly string[];
  has(name: string): boolean;
  get<T extends tf.Tensor>(name: string): T;
}

export function goldenTensors(...names: string[]): GoldenTensors {
  const { tensors } = readSafetensors(readFileSync(path.join(folder, ...names)));
  return {
    names: [...tensors.keys()],
    has: (name) => tensors.has(name),
    get: <T extends tf.Tensor>(name: string) => {
      const tensor: SafeTensor | undefined = tensors.get(name);
      if (tensor === undefined) throw new Error(`${names.join('/')} has no tensor ${name}`);
      return tf.tensor(toFloat32(tensor).slice(), [...tensor.shape]) as tf.Tensor as T;
    },
  };
}

/** |a - b| <= 2e-5 + 2e-5 |b|, the fixtures' own tolerance for outputs. */
export async function expectValues(actual: tf.Tensor, expected: tf.Tensor, what: string): Promise<void> {
  expect(actual.size, what).toBe(expected.size);
  const [a, b] = await Promise.all([numbers(actual), numbers(expected)]);
  const worst = Math.max(...a.map((value, i) => Math.abs(value - b[i]!) / (2e-5 + 2e-5 * Math.abs(b[i]!))));
  expect(worst, `${what}: largest error in units of the tolerance`).toBeLessThanOrEqual(1);
}

/**
 * norm(a - b) <= 2e-5 norm(b) + 1e-5, the fixtures' own tolerance for gradients. A gradient that is 0 in theory is rounding
 * noise as large as its neighbours make it: `scale` is then one of them.
 */
export async function expectGradient(
  actual: tf.Tensor,
  expected: tf.Tensor,
  what: string,
  scale = expected,
): Promise<void> {
  expect(actual.shape, what).toEqual(expected.shape);
  const [error, norm] = await Promise.all([
    numbers(tf.norm(tf.sub(actual, expected))),
    numbers(tf.norm(scale)),
  ]);
  expect(error[0]!, what).toBeLessThanOrEqual(2e-5 * norm[0]! + 1e-5);
}
