import fc from 'fast-check';
import { bytesOf, type FuzzTarget } from './fuzz-target.ts';

/** Values that have broken readers of all kinds. */
const hostile: readonly string[] = [
  '__proto__',
  'constructor',
  'toString',
  '\0',
  '\r',
  '\r\n',
  '\n',
  '\ufeff',
  '\u2028',
  '"',
  "'",
  ' ',
  '\t',
  ',',
  '1e400',
  '-0',
  '3.5e38',
  '9007199254740993',
  'NaN',
  '-Infinity',
  '1,5',
  '\ud800',
  '\u202e',
  '=cmd()',
];

/** Anything, near-valid files, and words of the format in any order. */
export function hostileInputs({
  seeds,
  words,
}: Pick<FuzzTarget, 'seeds' | 'words'>): fc.Arbitrary<Uint8Array> {
  const pieces = [...words, ...hostile].map(bytesOf);
  return fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    { weight: 3, arbitrary: changedSeeds(seeds, pieces) },
    { weight: 3, arbitrary: seedsWithOtherBytes(seeds) },
    {
      weight: 2,
      arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => joined(parts)),
    },
  );
}

interface Change {
  readonly at: number;
  readonly cut: number;
  /** Of the input itself: what is copied here, from which place. */
  readonly from: number;
  readonly copied: number;
  readonly put: Uint8Array;
}

function changedSeeds(seeds: readonly Uint8Array[], pieces: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const change: fc.Arbitrary<Change> = fc.record({
    at: fc.nat(),
    cut: fc.oneof(fc.constant(0), fc.nat(4), fc.nat(200)),
    from: fc.nat(),
    copied: fc.oneof(fc.constant(0), fc.constant(0), fc.nat(60)),
    put: fc.oneof(fc.constantFrom(...pieces), fc.uint8Array({ maxLength: 6 })),
  });
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([seed, changes]) => changes.reduce(changed, seed));
}

/** One or two bytes are others: most such inputs get past the first checks. */
function seedsWithOtherBytes(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(), fc.nat(255));
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 2 }))
    .map(([seed, changes]) => {
      const bytes = seed.slice();
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      return bytes;
    });
}

function changed(bytes: Uint8Array, { at, cut, from, copied, put }: Change): Uint8Array {
  const place = at % (bytes.length + 1);
  const source = from % (bytes.length + 1);
  return joined([
    bytes.subarray(0, place),
    bytes.subarray(source, source + copied),
    put,
    bytes.subarray(place + cut),
  ]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}
