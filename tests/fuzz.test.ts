import { describe, expect, test } from 'vitest';
import { bytesOf, type FuzzTarget } from '../fuzz/src/fuzz-target.ts';
import { runTarget } from '../fuzz/src/run-target.ts';
import { fuzzTargets } from '../fuzz/src/targets/targets.ts';
import { PatchBertError } from '../packages/errors/src/index.ts';

const target = (parts: Partial<FuzzTarget>): FuzzTarget => ({
  name: 'demo',
  seeds: [bytesOf('seed')],
  words: ['word'],
  read: async () => 'value',
  check: () => {},
  ...parts,
});

test.each(fuzzTargets.map((one) => [one.name, one] as const))(
  '%s: every seed is read, and whatever comes is read or refused in one line',
  async (_, one) => {
    for (const seed of one.seeds) one.check(await one.read(seed), seed);
    const outcome = await runTarget(one, { seed: 4, count: 250 });
    expect(outcome.failure).toBeUndefined();
    expect(outcome.refused).toBeGreaterThan(0);
  },
);

describe('a reader is caught', () => {
  const reasonOf = async (parts: Partial<FuzzTarget>) =>
    (await runTarget(target(parts), { seed: 1, count: 60 })).failure?.reason;

  test('that throws anything else', async () => {
    const read = async (bytes: Uint8Array) => {
      if (bytes.length > 3) throw new TypeError('not mine');
      throw new PatchBertError('demo/short', 'is short');
    };
    expect(await reasonOf({ read })).toContain('throws TypeError: not mine');
    const { failure } = await runTarget(target({ read }), { seed: 1, count: 60 });
    expect(failure?.input.length, 'the smallest input').toBeLessThan(20);
  });

  test('whose message says too much, or has more lines', async () => {
    // PatchBertError itself writes messages in one line: somebody would have to go around it.
    const saying = (message: string) => async () => {
      throw Object.assign(new PatchBertError('demo/bad', ''), { message });
    };
    expect(await reasonOf({ read: saying('a\nb') })).toContain('more than one line');
    expect(await reasonOf({ read: saying('a'.repeat(2000)) })).toContain('2000 characters');
    expect(await reasonOf({ read: saying('a') })).toBeUndefined();
  });

  test('that gives a name to every object', async () => {
    const read = async () => Object.assign(Object.prototype, { polluted: true });
    try {
      expect(await reasonOf({ read })).toContain('a prototype has changed');
    } finally {
      Reflect.deleteProperty(Object.prototype, 'polluted');
    }
  });

  test('whose values fail the check of the target', async () => {
    const check = () => {
      throw new Error('holds Infinity');
    };
    expect(await reasonOf({ check })).toContain('holds Infinity');
  });
});
