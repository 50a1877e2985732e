import type { HostTensor } from '@patchbert/ops';
import type * as ort from 'onnxruntime-common';

/** What a tensor of ONNX Runtime holds on the host; not a copy. */
export function toHostTensor(tensor: ort.Tensor): HostTensor {
  const shape = [...tensor.dims];
  return tensor.type === 'int32'
    ? { dtype: 'int32', shape, data: tensor.data as Int32Array<ArrayBuffer> }
    : { dtype: 'float32', shape, data: tensor.data as Float32Array<ArrayBuffer> };
}

/** A tensor of ONNX Runtime over the same memory. */
export function toOnnxTensor(
  TensorClass: ort.TensorConstructor,
  { dtype, data, shape }: HostTensor,
): ort.Tensor {
  return new TensorClass(dtype, data, [...shape]);
}
