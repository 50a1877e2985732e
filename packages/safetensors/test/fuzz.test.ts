import { PatchBertError } from '@patchbert/errors';
import { readSafetensors, type SafeTensorsFile, writeSafetensors } from '@patchbert/safetensors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildFile } from './build-file.ts';
import { codeOf, codeWhenOpened } from './malformed-cases.ts';

const valid = writeSafetensors(
  [
    ['encoder.weight', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ['__proto__', { shape: [2], data: Int32Array.of(-1, 1) }],
    ['mask', { shape: [3], data: Uint8Array.of(0, 1, 1) }],
  ],
  { step: '7', note: 'größe' },
);

/** What must hold of every file that is taken, however it came about. */
function requireSound(file: Uint8Array): void {
  let read: SafeTensorsFile;
  try {
    read = readSafetensors(file);
  } catch (error) {
    expect(error).toBeInstanceOf(PatchBertError);
    expect((error as Error).message.length).toBeLessThan(1000);
    return;
  }
  const covered = [...read.tensors.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  expect(8 + Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true)) + covered).toBe(
    file.length,
  );
  const again = readSafetensors(writeSafetensors(read.tensors, read.metadata));
  expect([...again.tensors.keys()].sort()).toEqual([...read.tensors.keys()].sort());
  for (const [name, { dtype, shape, bytes }] of read.tensors) {
    expect(again.tensors.get(name)).toMatchObject({ dtype, shape });
    expect(Uint8Array.from(again.tensors.get(name)!.bytes)).toEqual(Uint8Array.from(bytes));
  }
}

/** Cuts, insertions, copies and overwritten bytes. */
const edit = fc.record({
  at: fc.nat(valid.length),
  remove: fc.nat(12),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 8 }),
    fc
      .constantFrom(
        '"',
        '\\',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '0',
        '9',
        '-',
        '.',
        'e',
        ' ',
        '\u0000',
        '"dtype"',
        '"a":1,',
      )
      .map((text) => new TextEncoder().encode(text)),
  ),
});

function edited(edits: readonly { at: number; remove: number; insert: Uint8Array }[]): Uint8Array {
  let bytes = [...valid];
  for (const { at, remove, insert } of edits) {
    bytes = [...bytes.slice(0, at), ...insert, ...bytes.slice(at + remove)];
  }
  return Uint8Array.from(bytes);
}

const jsonPiece = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"b"',
    '"dtype"',
    '"shape"',
    '"data_offsets"',
    '"F32"',
    '"F16"',
    '"__metadata__"',
  ],
  ...[
    '0',
    '1',
    '4',
    '8',
    '-1',
    '1.5',
    'null',
    'true',
    '"\\u0061"',
    '"\\ud800"',
    ' ',
    '"__proto__"',
    '9007199254740993',
  ],
);
const place = fc.record({
  dtype: fc.constantFrom('F32', 'F16', 'U8', 'I64', 'F8', 1),
  shape: fc.array(fc.constantFrom(0, 1, 2, 4, 2 ** 31, 2 ** 52), { maxLength: 3 }),
  data_offsets: fc.array(fc.constantFrom(0, 2, 4, 8, 16), { minLength: 1, maxLength: 3 }),
});

describe('every file is taken whole or refused with an error of ours', () => {
  it('of arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => requireSound(Uint8Array.from(bytes))),
      { seed: 11, numRuns: 1000 },
    );
  });

  it('of arbitrary bytes behind a true length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(16), (bytes, data) =>
        requireSound(buildFile(Uint8Array.of('{'.charCodeAt(0), ...bytes), data)),
      ),
      { seed: 12, numRuns: 1000 },
    );
  });

  it('of pieces of a header in any order', () => {
    fc.assert(
      fc.property(fc.array(jsonPiece, { maxLength: 30 }), fc.nat(16), (pieces, data) =>
        requireSound(buildFile(`{${pieces.join('')}`, data)),
      ),
      { seed: 13, numRuns: 3000 },
    );
  });

  it('of tensors with any types, shapes and offsets', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), place),
        fc.constantFrom(0, 4, 8, 16),
        (places, data) => requireSound(buildFile(JSON.stringify(places), data)),
      ),
      { seed: 14, numRuns: 3000 },
    );
  });

  it('that was valid and then edited, read whole or opened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
        const file = edited(edits);
        requireSound(file);
        expect(await codeWhenOpened(file)).toBe(codeOf(file));
      }),
      { seed: 15, numRuns: 2000 },
    );
  });
});
