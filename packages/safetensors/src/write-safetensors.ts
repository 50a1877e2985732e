import { PatchBertError, quote } from '@patchbert/errors';
import { littleEndianBytes, type NumberArray } from './little-endian.ts';
import { isSafeTensorType, type SafeTensor, type SafeTensorType, tensorByteLength } from './safe-tensor.ts';
import { safetensorsHeader, type TensorPlan, type TextByKey } from './safetensors-header.ts';

/** A tensor to write: one that was read, or a shape with a typed array, whose class decides the element type. */
export type WritableTensor = SafeTensor | { readonly shape: readonly number[]; readonly data: NumberArray };

/**
 * Writes a safetensors file. The same tensors and metadata give the same bytes, whatever their order: wide elements stand
 * before narrow ones, which keeps every tensor aligned, and within a width the names are sorted.
 *
 * @param tensors names with tensors, such as a `Map` or `Object.entries(hostTensors)`.
 * @param metadata free text by key.
 * @throws PatchBertError `safetensors/bad-tensor` when bytes and shape disagree, `safetensors/bad-name` for a repeated or
 * impossible name, `safetensors/bad-metadata`, `safetensors/header-too-large` when no reader would take it.
 * @example
 * const file = writeSafetensors([['weight', { shape: [2, 3], data: new Float32Array(6) }]], { step: '1000' });
 */
export function writeSafetensors(
  tensors: Iterable<readonly [string, WritableTensor]>,
  metadata: TextByKey = {},
): Uint8Array {
  const parts = safetensorsParts(tensors, metadata);
  const file = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const part of parts) {
    file.set(part, position);
    position += part.length;
  }
  return file;
}

/**
 * The file of `writeSafetensors` in the parts to write one after the other: the header, then the bytes of each tensor, which are views
 * of the tensors' memory. So a large file, and its hash, needs no second copy of the weights.
 *
 * @throws PatchBertError as `writeSafetensors`.
 * @example
 * for (const part of safetensorsParts(Object.entries(parameters))) await file.writeFile(part);
 */
export function safetensorsParts(
  tensors: Iterable<readonly [string, WritableTensor]>,
  metadata: TextByKey = {},
): readonly Uint8Array[] {
  const byName = new Map<string, SafeTensor>();
  const plans: [string, TensorPlan][] = [];
  for (const [name, tensor] of tensors) {
    const safe = asSafeTensor(name, tensor);
    byName.set(name, safe);
    plans.push([name, safe]);
  }
  const { bytes, names } = safetensorsHeader(plans, metadata);
  return [bytes, ...names.map((name) => byName.get(name)!.bytes)];
}

function asSafeTensor(name: string, tensor: WritableTensor): SafeTensor {
  const { shape } = tensor;
  const dtype = 'data' in tensor ? typeOf(tensor.data) : tensor.dtype;
  const bytes = 'data' in tensor ? littleEndianBytes(tensor.data) : tensor.bytes;
  const expected = isSafeTensorType(dtype) ? tensorByteLength(dtype, shape) : undefined;
  if (expected !== bytes.length) {
    throw new PatchBertError(
      'safetensors/bad-tensor',
      `writeSafetensors: tensor ${quote(name)} of type ${dtype} and shape [${shape.join(', ')}] has ${bytes.length} bytes, ` +
        `expected ${expected ?? 'a known type and sizes >= 0'}. Correct its shape or its values.`,
    );
  }
  return { dtype, shape, bytes };
}

function typeOf(data: NumberArray): SafeTensorType {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Int32Array) return 'I32';
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof BigInt64Array) return 'I64';
  if (data instanceof BigUint64Array) return 'U64';
  if (data instanceof Uint32Array) return 'U32';
  if (data instanceof Int16Array) return 'I16';
  if (data instanceof Uint16Array) return 'U16';
  return data instanceof Int8Array ? 'I8' : 'U8';
}
