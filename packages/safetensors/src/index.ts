export { littleEndianBytes, type NumberArray } from './little-endian.ts';
export { readSafetensors, type SafeTensorsFile } from './read-safetensors.ts';
export type { SafeTensor, SafeTensorType } from './safe-tensor.ts';
export { toFloat32, toInt32 } from './to-typed-array.ts';
export {
  type SafetensorsHeader,
  safetensorsHeader,
  type TensorPlan,
  type WritableTensor,
  writeSafetensors,
} from './write-safetensors.ts';
