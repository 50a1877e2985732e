export { type ByteSource, blobSource, fileSource, type ReadableFile } from './byte-source.ts';
export { littleEndianBytes, type NumberArray } from './little-endian.ts';
export { type OpenedSafetensors, openSafetensors, type UnreadTensor } from './open-safetensors.ts';
export { readSafetensors, type SafeTensorsFile } from './read-safetensors.ts';
export type { SafeTensor, SafeTensorType } from './safe-tensor.ts';
export {
  type SafetensorsHeader,
  safetensorsHeader,
  type TensorPlan,
  type TextByKey,
} from './safetensors-header.ts';
export { toFloat32, toInt32 } from './to-typed-array.ts';
export { safetensorsParts, type WritableTensor, writeSafetensors } from './write-safetensors.ts';
