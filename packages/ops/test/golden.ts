import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSafetensors, toFloat32, toInt32 } from '@patchbert/safetensors';
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const folder = path.join(
  process.env.PATCHBERT_GOLDEN_DIR ?? path.join(repository, '..', 'shared', 'golden'),
  'ops',
);

/** Names of the fixture files, without extension. */
export function goldenFiles(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.safetensors'))
    .map((file) => path.basename(file, '.safetensors'));
}

/** One section of the fixtures' config.json: the cases of one operator. */
export function goldenCases<T extends object>(section: string): T[] {
  const config = JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8'));
  const cases: T[] = config[section] ?? [];
  if (cases.length === 0) throw new Error(`${folder}/config.json lists no cases of ${section}`);
  return cases;
}

/** One object of the fixtures' config.json. */
export function goldenConfig<T extends object>(section: string): T {
  const config = JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8'));
  if (config[section] === undefined) throw new Error(`${folder}/config.json has no ${section}`);
  return config[section];
}

/** A fixture file: tensors by name, and the prefixes of names that end in `suffix`. */
export function goldenTensors(file: string) {
  const { tensors } = readSafetensors(readFileSync(path.join(folder, `${file}.safetensors`)));
  const found = (name: string) => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new Error(`${file}.safetensors has no ${name}`);
    return tensor;
  };
  return {
    has: (name: string) => tensors.has(name),
    values: (name: string) => toFloat32(found(name)),
    integers: (name: string) => toInt32(found(name)),
    shape: (name: string) => [...found(name).shape],
    tensor: <T extends tf.Tensor = tf.Tensor>(name: string) =>
      tf.tensor(toFloat32(found(name)), [...found(name).shape], 'float32') as T,
    prefixes(suffix: string): string[] {
      const names = [...tensors.keys()].filter((name) => name.endsWith(suffix));
      if (names.length === 0) throw new Error(`${file}.safetensors has nothing that ends in ${suffix}`);
      return names.map((name) => name.slice(0, name.length - suffix.length));
    },
  };
}

/** Tolerance of the fixtures for outputs: 2e-5 absolute and relative, element by element. */
export function expectOutput(actual: tf.Tensor | Float32Array, expected: Float32Array): void {
  const values = actual instanceof tf.Tensor ? actual.dataSync() : actual;
  expect(values).toHaveLength(expected.length);
  let worst = 0;
  expected.forEach((b, i) => {
    worst = Math.max(worst, Math.abs(values[i]! - b) / (2e-5 + 2e-5 * Math.abs(b)));
  });
  expect(worst).toBeLessThanOrEqual(1);
}

/** Tolerance of the fixtures for gradients: norm(a - b) <= 2e-5 norm(b) + 1e-5. */
export function expectGradient(actual: tf.Tensor, expected: Float32Array): void {
  const values = actual.dataSync();
  expect(values).toHaveLength(expected.length);
  const norm = (numbers: Iterable<number>) => Math.hypot(...numbers);
  const difference = norm(Array.from(expected, (b, i) => values[i]! - b));
  expect(difference).toBeLessThanOrEqual(2e-5 * norm(expected) + 1e-5);
}
