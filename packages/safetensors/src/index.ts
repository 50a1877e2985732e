export { type ByteSource, blobSource, fileSource, type ReadableFile } from './byte-source.ts';
export type { NumberArray } from './little-endian.ts';
export { type OpenedSafetensors, openSafetensors, type UnreadTensor } from './open-safetensors.ts';
export { readSafetensors, type SafeTensorsFile } from './read-safetensors.ts';
export type { SafeTensor, SafeTensorType } from './safe-tensor.ts';
export { toFloat32, toInt32 } from './to-typed-array.ts';
export { safetensorsParts, type WritableTensor, writeSafetensors } from './write-safetensors.ts';
