export { indexPermutation } from './index-permutation.ts';
export { normals } from './normals.ts';
export { permutation } from './permutation.ts';
export { deriveKey, randomKey } from './random-key.ts';
export { randomUint32s } from './random-uint32s.ts';
export { sampleWithoutReplacement } from './sample-without-replacement.ts';
export { type RandomKey, threefry2x32 } from './threefry.ts';
export { uniforms } from './uniforms.ts';
