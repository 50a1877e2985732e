import { encoderConfigSchema } from '@patchbert/encoder';
import { PatchBertError, parseConfig, parseJson } from '@patchbert/errors';
import { readSafetensors, type SafeTensorsFile, writeSafetensors } from '@patchbert/safetensors';
import { bytesOf, type FuzzTarget } from '../fuzz-target.ts';

/** Weights of strangers: every tensor lies inside the file, and its bytes are those of its shape. */
export const safetensors: FuzzTarget = {
  name: 'safetensors',
  seeds: [
    writeSafetensors([]),
    writeSafetensors(
      [
        ['a.weight', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, Number.NaN) }],
        ['__proto__', { shape: [2], data: Int32Array.of(1, 2) }],
        ['scalar', { shape: [], data: Float64Array.of(7) }],
        ['empty', { shape: [0, 4], data: new Uint8Array() }],
      ],
      { format: 'patchbert' },
    ),
  ],
  words: [
    '{"',
    '":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}',
    '__metadata__',
    '[0,8]',
    '"F64"',
    '}',
    ' ',
    '\0',
  ],
  read: async (bytes) => readSafetensors(bytes),
  check(value, bytes) {
    for (const [name, tensor] of (value as SafeTensorsFile).tensors) {
      if (tensor.bytes.buffer !== bytes.buffer && tensor.bytes.length > bytes.length) {
        throw new Error(`${name} is larger than the file`);
      }
      const elements = tensor.shape.reduce((product, size) => product * size, 1);
      if (elements > 0 && tensor.bytes.length % elements !== 0)
        throw new Error(`${name} has a part of an element`);
    }
  },
};

/** A model's configuration of strangers: closed, and bounded before anything is allocated. */
export const modelConfiguration: FuzzTarget = {
  name: 'model configuration',
  seeds: [
    '{"patchLength":8,"patchCount":4,"width":16,"layers":2,"heads":2,"feedForwardWidth":32}',
    '{"patchLength":1,"patchCount":1,"width":2,"layers":1,"heads":1,"feedForwardWidth":1,"position":"none","dropout":0.5}',
  ].map(bytesOf),
  words: [
    '"__proto__":{"polluted":1},',
    '1e999',
    '-1',
    '1.5',
    '"width":',
    '[[[[',
    'null',
    '{"a":',
    '\\ud800',
    ',',
  ],
  read: async (bytes) => {
    const value = parseJson(
      new TextDecoder().decode(bytes),
      (problem) => new PatchBertError('fuzz/not-json', `demo.json: ${problem}`),
    );
    return parseConfig(encoderConfigSchema, value, 'demo.json');
  },
  check(value) {
    const { width, heads } = value as { readonly width: number; readonly heads: number };
    if (!Number.isSafeInteger(width) || width < 1 || width % heads !== 0)
      throw new Error('a width that is none');
  },
};
