import { didYouMean, PatchBertError, parseConfig } from '@patchbert/errors';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const schema = z.strictObject({
  patchLength: z.int().min(1),
  model: z.strictObject({ width: z.int(), heads: z.int() }).optional(),
  seed: z.int().default(0),
});

function messageOf(value: unknown): string {
  try {
    parseConfig(schema, value, 'run.json');
  } catch (error) {
    if (error instanceof PatchBertError && error.code === 'config/invalid') return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parseConfig', () => {
  it('fills defaults in and freezes what it returns, all the way down', () => {
    const config = parseConfig(schema, { patchLength: 12, model: { width: 64, heads: 4 } }, 'run.json');
    expect(config).toEqual({ patchLength: 12, model: { width: 64, heads: 4 }, seed: 0 });
    expect(Object.isFrozen(config) && Object.isFrozen(config.model)).toBe(true);
  });

  it('names an unknown key and the nearest known one, at any depth', () => {
    expect(messageOf({ patchLenght: 12 })).toContain(
      'unknown key "patchLenght". Did you mean "patchLength"?',
    );
    expect(messageOf({ patchLength: 12, model: { width: 1, heads: 1, haeds: 2 } })).toContain(
      'unknown key "model.haeds". Did you mean "heads"?',
    );
  });

  it('lists the known keys when none is near', () => {
    expect(messageOf({ patchLength: 12, zebra: 1 })).toContain('Known keys: patchLength, model, seed.');
  });

  it('says where the value came from and which field is wrong', () => {
    const message = messageOf({ patchLength: 0, seed: 'one' });
    expect(message).toMatch(/^run\.json: /);
    expect(message).toContain('"patchLength"');
    expect(message).toContain('"seed"');
  });

  it('leaves prototypes alone', () => {
    expect(messageOf(JSON.parse('{"patchLength": 12, "__proto__": {"polluted": true}}'))).toContain(
      '__proto__',
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('didYouMean', () => {
  it.each([
    ['patchLenght', 'patchLength'],
    ['PATCHLENGTH', 'patchLength'],
    ['sed', 'seed'],
    ['onx-cpu', 'onnx-cpu'],
  ])('%s -> %s', (word, expected) => {
    expect(didYouMean(word, ['patchLength', 'seed', 'onnx-cpu'])).toBe(` Did you mean "${expected}"?`);
  });

  it('stays silent when nothing is near, and when nothing is known', () => {
    expect(didYouMean('zebra', ['patchLength', 'seed'])).toBe('');
    expect(didYouMean('x', [])).toBe('');
  });
});
