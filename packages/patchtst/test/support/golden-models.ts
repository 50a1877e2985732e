import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { float32Tensor, type HostTensor } from '@patchbert/ops';
import { readSafetensors, type SafeTensor, toFloat32, toInt32 } from '@patchbert/safetensors';
import { expect } from 'vitest';
import { type ImportedPatchTST, type RawSeries, readPatchTST } from '../../src/index.ts';

const folder = process.env.PATCHBERT_GOLDEN_DIR ?? join(import.meta.dirname, '../../../../../shared/golden');

type Json = Record<string, unknown>;

/** A model with what Hugging Face computed with it. */
export interface GoldenModel {
  readonly name: string;
  readonly folder: string;
  readonly config: Json;
  readonly meta: { readonly output_name: string; readonly grad_exactly_zero_in_theory: readonly string[] };
  readonly weights: ReadonlyMap<string, SafeTensor>;
  readonly io: ReadonlyMap<string, SafeTensor>;
  /** Empty where there is no loss. */
  readonly gradients: ReadonlyMap<string, SafeTensor>;
  /** Running statistics after a training pass; empty for layer norms. */
  readonly after: ReadonlyMap<string, SafeTensor>;
}

/** Names of the models there are; all of them, whatever their configuration. */
export function goldenModelNames(): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => {
      const path = join(folder, name, 'config.json');
      const isModel = existsSync(path) && existsSync(join(folder, name, 'io.safetensors'));
      return isModel && JSON.parse(readFileSync(path, 'utf8')).model_type === 'patchtst';
    })
    .sort();
}

export function goldenModel(name: string): GoldenModel {
  const at = (file: string) => join(folder, name, file);
  const json = (file: string) => JSON.parse(readFileSync(at(file), 'utf8'));
  const tensors = (file: string): ReadonlyMap<string, SafeTensor> =>
    existsSync(at(file)) ? readSafetensors(readFileSync(at(file))).tensors : new Map();
  return {
    name,
    folder: join(folder, name),
    config: json('config.json'),
    meta: json('meta.json'),
    weights: tensors('weights.safetensors'),
    io: tensors('io.safetensors'),
    gradients: tensors('grads.safetensors'),
    after: tensors('bn_after.safetensors'),
  };
}

export function imported({ config, weights }: GoldenModel): ImportedPatchTST {
  return readPatchTST({ config, tensors: weights });
}

/** The tensor of this name, as host tensor. */
export function golden(tensors: ReadonlyMap<string, SafeTensor>, name: string): HostTensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new Error(`there is no golden tensor ${name}`);
  return float32Tensor(numbersOf(tensor), tensor.shape);
}

/** Numbers of any type as float32. */
function numbersOf(tensor: SafeTensor): Float32Array {
  if (tensor.dtype === 'I64' || tensor.dtype === 'I32') return Float32Array.from(toInt32(tensor));
  if (tensor.dtype === 'BOOL' || tensor.dtype === 'U8') return Float32Array.from(tensor.bytes);
  return toFloat32(tensor).slice();
}

export function goldenSeries({ io }: GoldenModel): RawSeries {
  const observed = io.get('past_observed_mask');
  return {
    values: golden(io, 'past_values'),
    ...(observed && { observed: Uint8Array.from(numbersOf(observed)) }),
  };
}

/** |a - b| <= 2e-5 + 2e-5 |b|: the fixtures' tolerance for outputs. */
export function expectValues(actual: HostTensor | undefined, expected: HostTensor, what: string): void {
  expect(actual?.data.length, what).toBe(expected.data.length);
  let worst = 0;
  expected.data.forEach((b, i) => {
    const error = Math.abs(actual!.data[i]! - b) / (2e-5 + 2e-5 * Math.abs(b));
    worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
  });
  expect(worst, `${what}: largest error in units of the tolerance`).toBeLessThanOrEqual(1);
}

/** norm(a - b) <= 2e-5 norm(scale) + 1e-5: the fixtures' tolerance for gradients, `scale` being b itself as a rule. */
export function expectGradient(
  actual: HostTensor | undefined,
  expected: HostTensor,
  what: string,
  scale = expected,
): void {
  expect(actual?.data.length, what).toBe(expected.data.length);
  const error = norm(Float32Array.from(expected.data, (b, i) => actual!.data[i]! - b));
  expect(error, what).toBeLessThanOrEqual(2e-5 * norm(scale.data) + 1e-5);
}

function norm(values: HostTensor['data']): number {
  return Math.sqrt(Array.from(values, (value) => value ** 2).reduce((sum, square) => sum + square, 0));
}
