import { PatchBertError } from '@patchbert/errors';
import { blobSource, openSafetensors, readSafetensors } from '@patchbert/safetensors';
import { buildFile } from './build-file.ts';

export const tensor = (offsets: string, shape = '[1]', dtype = '"F32"') =>
  `{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}`;
const one = (offsets: string, shape?: string, dtype?: string) => `{"a":${tensor(offsets, shape, dtype)}}`;

const encode = (text: string) => new TextEncoder().encode(text);

/** Files that must be refused, and the code of the error. */
export const malformedFiles: readonly [string, string, Uint8Array][] = [
  ['an empty file', 'truncated', new Uint8Array(0)],
  ['a file shorter than the length field', 'truncated', new Uint8Array(7)],
  ['a header beyond the end', 'truncated', buildFile('{}', 0, 100n)],
  ['an empty header', 'bad-header', buildFile('')],
  ['a header length of 2^53 + 1', 'header-too-large', buildFile('{}', 0, 2n ** 53n + 1n)],
  ['a header length of 2^63', 'header-too-large', buildFile('{}', 0, 2n ** 63n)],
  ['a header length of 2^64 - 1', 'header-too-large', buildFile('{}', 0, 2n ** 64n - 1n)],
  ['a header of 100 MB and a byte', 'header-too-large', buildFile('{}', 0, 100_000_001n)],
  ['a header that is not UTF-8', 'bad-header', buildFile(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d))],
  ['a header that is not JSON', 'bad-header', buildFile('{hello}')],
  ['an open header', 'bad-header', buildFile('{"a":')],
  ['an open string', 'bad-header', buildFile('{"a\\')],
  ['a header with a rest', 'bad-header', buildFile('{}{}')],
  ['a trailing comma', 'bad-header', buildFile('{"__metadata__":{},}')],
  ['leading white space', 'bad-header', buildFile(' {}')],
  ['a byte order mark', 'bad-header', buildFile('\ufeff{}')],
  ['a list as header', 'bad-header', buildFile('[]')],
  ['overlapping tensors', 'bad-offsets', buildFile(`{"a":${tensor('[0,4]')},"b":${tensor('[2,6]')}}`, 6)],
  [
    'two tensors on one range',
    'bad-offsets',
    buildFile(`{"a":${tensor('[0,4]')},"b":${tensor('[0,4]')}}`, 4),
  ],
  ['a hole', 'bad-offsets', buildFile(`{"a":${tensor('[0,4]')},"b":${tensor('[8,12]')}}`, 12)],
  ['a hole at the front', 'bad-offsets', buildFile(one('[4,8]'), 8)],
  ['trailing bytes', 'bad-offsets', buildFile(one('[0,4]'), 5)],
  ['data cut short', 'truncated', buildFile(one('[0,4]'), 3)],
  ['begin after end', 'bad-offsets', buildFile(one('[4,0]'), 4)],
  ['a negative offset', 'bad-header', buildFile(one('[-4,0]'), 4)],
  ['a fractional offset', 'bad-header', buildFile(one('[0.5,4.5]'), 4)],
  ['an exponent', 'bad-header', buildFile(one('[0,4e0]'), 4)],
  ['a leading zero', 'bad-header', buildFile(one('[00,4]'), 4)],
  ['a text offset', 'bad-offsets', buildFile(one('["0","4"]'), 4)],
  ['three offsets', 'bad-offsets', buildFile(one('[0,4,8]'), 4)],
  ['no offsets', 'bad-offsets', buildFile('{"a":{"dtype":"F32","shape":[1]}}', 4)],
  ['a shape of another size', 'bad-offsets', buildFile(one('[0,4]', '[2]'), 4)],
  ['a shape product beyond 2^53', 'bad-tensor', buildFile(one('[0,4]', '[94906267,94906267]'), 4)],
  ['a shape product that wraps 2^64 to 0', 'bad-tensor', buildFile(one('[0,0]', '[4294967296,4294967296]'))],
  ['an offset beyond 2^53', 'bad-header', buildFile(one('[0,9007199254740993]'), 4)],
  ['no shape', 'bad-tensor', buildFile('{"a":{"dtype":"F32","data_offsets":[0,4]}}', 4)],
  ['an unknown type', 'bad-tensor', buildFile(one('[0,4]', '[1]', '"F31"'), 4)],
  ['a type from the prototype', 'bad-tensor', buildFile(one('[0,4]', '[1]', '"toString"'), 4)],
  ['a type that is no text', 'bad-tensor', buildFile(one('[0,4]', '[1]', '7'), 4)],
  [
    'an unknown field',
    'bad-header',
    buildFile('{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"x":1}}'),
  ],
  ['a repeated tensor', 'duplicate-name', buildFile(`{"a":${tensor('[0,4]')},"a":${tensor('[4,8]')}}`, 8)],
  ['a repeated field', 'duplicate-name', buildFile('{"a":{"dtype":"F32","dtype":"F16"}}')],
  ['a tensor that is no object', 'bad-header', buildFile('{"a":1}')],
  ['metadata that is no text', 'bad-header', buildFile('{"__metadata__":{"step":1}}')],
  ['metadata that is no object', 'bad-header', buildFile('{"__metadata__":"x"}')],
  ['half a surrogate pair', 'bad-header', buildFile('{"__metadata__":{"\\ud800":""}}')],
  ['deep nesting', 'bad-header', buildFile(`{"a":${'['.repeat(100_000)}`)],
];

/** Files that are something else, and what their refusal calls them. */
export const otherFiles: readonly [string, Uint8Array, RegExp][] = [
  [
    'a Git LFS pointer',
    encode('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'),
    /Git LFS pointer.*git lfs pull/,
  ],
  ['a web page', encode('<!DOCTYPE html><title>404</title>'), /web page/],
  ['a web page behind a byte order mark', encode('\ufeff\n<html><title>404</title>'), /web page/],
  ['a pickle of PyTorch', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 8, 8, 0, 0, 0, 0), /zip archive, as PyTorch/],
  ['an error as JSON', encode('{"error":"Repository not found"}'), /damaged or not safetensors/],
];

/** The code of the refusal without its area, `accepted` where there is none; anything but an error of ours is thrown. */
export function codeOf(file: Uint8Array): string {
  try {
    readSafetensors(file);
    return 'accepted';
  } catch (error) {
    return ownCode(error);
  }
}

/** The same by `openSafetensors`, every tensor read. */
export async function codeWhenOpened(file: Uint8Array): Promise<string> {
  try {
    const { tensors, read } = await openSafetensors(blobSource(new Blob([file.slice()])));
    for (const name of tensors.keys()) await read(name);
    return 'accepted';
  } catch (error) {
    return ownCode(error);
  }
}

function ownCode(error: unknown): string {
  if (!(error instanceof PatchBertError) || !/^(read|open)Safetensors: .*\.$/.test(error.message))
    throw error;
  return error.code.replace('safetensors/', '');
}
