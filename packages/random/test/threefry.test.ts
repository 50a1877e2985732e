import { randomUint32s, threefry2x32 } from '@patchbert/random';
import { expect, it } from 'vitest';

// Known answers of the Random123 distribution (kat_vectors, threefry2x32, 20 rounds).
it.each([
  [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
  [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
  [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
])('key %i %i, counter %i %i: the published block', (key0, key1, counter0, counter1, first, second) => {
  expect(threefry2x32([key0, key1], [counter0, counter1])).toEqual([first, second]);
});

it('a stream is the blocks of the counters 0, 1, 2, ...', () => {
  const key = [12, 34] as const;
  const blocks = [0, 1, 2].flatMap((i) => threefry2x32(key, [i, 0]));
  expect([...randomUint32s(key, 6)]).toEqual(blocks);
  expect([...randomUint32s(key, 5)]).toEqual(blocks.slice(0, 5));
  expect(randomUint32s(key, 0)).toHaveLength(0);
});
