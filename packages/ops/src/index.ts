export {
  elementCount,
  float32Tensor,
  type HostTensor,
  type HostTensors,
  int32Tensor,
  scalarTensor,
  type TensorSpec,
  type Tensors,
  type TensorType,
} from './tensors.ts';
