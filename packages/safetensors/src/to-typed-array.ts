import { PatchBertError } from '@patchbert/errors';
import { decodeBfloat16, decodeFloat16 } from './decode-float.ts';
import { HOST_IS_LITTLE_ENDIAN } from './little-endian.ts';
import { bytesPerElement, type SafeTensor } from './safe-tensor.ts';

const LITTLE = true;

/**
 * The values of a floating-point tensor as float32, row-major.
 *
 * An aligned F32 tensor is not copied: the result shares the file's memory. F16 and BF16 decode exactly, F64 rounds.
 *
 * @throws PatchBertError `safetensors/wrong-type` for integer and boolean tensors.
 * @example
 * const weight = toFloat32(readSafetensors(file).tensors.get('weight')!);
 */
export function toFloat32(tensor: SafeTensor): Float32Array {
  const { dtype, bytes } = tensor;
  const view = viewOf(bytes);
  if (dtype === 'F32' && HOST_IS_LITTLE_ENDIAN && bytes.byteOffset % 4 === 0) {
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  }
  const values = new Float32Array(bytes.byteLength / bytesPerElement(dtype));
  switch (dtype) {
    case 'F32':
      for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(4 * i, LITTLE);
      return values;
    case 'F64':
      for (let i = 0; i < values.length; i++) values[i] = view.getFloat64(8 * i, LITTLE);
      return values;
    case 'F16':
      for (let i = 0; i < values.length; i++) values[i] = decodeFloat16(view.getUint16(2 * i, LITTLE));
      return values;
    case 'BF16':
      for (let i = 0; i < values.length; i++) values[i] = decodeBfloat16(view.getUint16(2 * i, LITTLE));
      return values;
    default:
      throw wrongType('toFloat32', dtype, 'F32, F64, F16 or BF16');
  }
}

/**
 * The values of an I32 or I64 tensor as int32, row-major; always a copy.
 *
 * @throws PatchBertError `safetensors/wrong-type` for other types, `safetensors/out-of-range` when an I64 does not fit.
 * @example
 * const labels = toInt32(readSafetensors(file).tensors.get('labels')!);
 */
export function toInt32(tensor: SafeTensor): Int32Array {
  const { dtype, bytes } = tensor;
  const view = viewOf(bytes);
  const values = new Int32Array(bytes.byteLength / bytesPerElement(dtype));
  if (dtype === 'I32') {
    for (let i = 0; i < values.length; i++) values[i] = view.getInt32(4 * i, LITTLE);
    return values;
  }
  if (dtype !== 'I64') throw wrongType('toInt32', dtype, 'I32 or I64');
  for (let i = 0; i < values.length; i++) {
    const value = view.getBigInt64(8 * i, LITTLE);
    if (value !== BigInt.asIntN(32, value)) {
      throw new PatchBertError(
        'safetensors/out-of-range',
        `toInt32: element ${i} is ${value}, which 32 bits cannot hold. Read the bytes as 64-bit integers instead.`,
      );
    }
    values[i] = Number(value);
  }
  return values;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function wrongType(where: string, dtype: string, expected: string): PatchBertError {
  return new PatchBertError(
    'safetensors/wrong-type',
    `${where}: the tensor has type ${dtype}, expected ${expected}. Read its bytes yourself or convert the file.`,
  );
}
