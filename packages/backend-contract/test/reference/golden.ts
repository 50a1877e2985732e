import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { float32Tensor, type HostTensor, type HostTensors, int32Tensor } from '@patchbert/ops';
import { readSafetensors, toFloat32, toInt32 } from '@patchbert/safetensors';
import { expect } from 'vitest';

const folder =
  process.env.PATCHBERT_GOLDEN_DIR ?? path.join(import.meta.dirname, '../../../../../shared/golden');

/** Folders of the fixtures whose name begins with one of these words. */
export function goldenFolders(...beginnings: readonly string[]): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => beginnings.some((beginning) => name.startsWith(beginning)));
}

/** A JSON file of the fixtures. */
export function goldenJson<T = Record<string, unknown>>(...names: string[]): T {
  return JSON.parse(readFileSync(path.join(folder, ...names), 'utf8')) as T;
}

/** A file of the fixtures as host tensors by name. */
export function goldenTensors(...names: string[]): HostTensors {
  const { tensors } = readSafetensors(readFileSync(path.join(folder, ...names)));
  return Object.fromEntries(
    [...tensors].map(([name, tensor]): [string, HostTensor] => [
      name,
      tensor.dtype === 'I64'
        ? int32Tensor(toInt32(tensor), [...tensor.shape])
        : float32Tensor(toFloat32(tensor), [...tensor.shape]),
    ]),
  );
}

/** Entries whose name begins with `prefix`, without it. */
export function below(prefix: string, tensors: HostTensors): HostTensors {
  const entries = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

/** `|a - b| <= 5e-6 (1 + |b|)`: what the fixtures, in single precision, differ by from double precision. */
export function expectValues(
  actual: HostTensor | undefined,
  expected: HostTensor | undefined,
  what: string,
): void {
  expect(expected, `the fixtures have ${what}`).toBeDefined();
  expect(actual?.data.length, what).toBe(expected!.data.length);
  const errors = Array.from(
    expected!.data,
    (b, i) => Math.abs(actual!.data[i]! - b) / (5e-6 * (1 + Math.abs(b))),
  );
  expect(Math.max(...errors), `${what}: largest error in units of the tolerance`).toBeLessThanOrEqual(1);
}

/** `norm(a - b) <= 2e-5 norm(b) + 1e-5`, the fixtures' own tolerance for gradients. */
export function expectGradient(
  actual: HostTensor | undefined,
  expected: HostTensor | undefined,
  what: string,
): void {
  expect(expected, `the fixtures have ${what}`).toBeDefined();
  expect(actual?.data.length, what).toBe(expected!.data.length);
  const error = Math.hypot(...Array.from(expected!.data, (b, i) => actual!.data[i]! - b));
  expect(error, what).toBeLessThanOrEqual(2e-5 * Math.hypot(...expected!.data) + 1e-5);
}
