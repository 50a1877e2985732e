import { didYouMean, PatchBertError, parseConfig, parseJson, quote } from '@patchbert/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const parse = (text: string) =>
  parseJson(text, (problem) => new PatchBertError('test/bad', `load: "file.json" ${problem}.`));

describe('parseJson', () => {
  it('gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, undefined, space);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it.each([
    ['{"a":1,"a":1}', 'names "a" twice'],
    ['{"a":1,"\\u0061" :1}', 'names "a" twice'],
    ['[{"b":{"x":1,"y":[],"x":"}"}}]', 'names "x" twice'],
    ['{"__proto__":{},"__proto__":{}}', 'names "__proto__" twice'],
    ['{"a\\"":1,"a\\"":2}', 'names "a\\"" twice'],
    ['{"a":NaN}', 'is not JSON'],
    ['{"a":1,"a":', 'is not JSON'],
    ['{"a', 'is not JSON'],
    ['"\\"', 'is not JSON'],
    ['', 'is not JSON'],
  ])('refuses %s', (text, problem) => {
    expect(() => parse(text)).toThrow(problem);
  });

  it('lets a key stand in several objects, and text look like JSON', () => {
    const text = '[{"a":1},{"a":{"a":"{\\"a\\":1,\\"a\\":1,"}}, "a", "a:"]';
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it.each(['[', '{"a":'])('refuses ten thousand and five million times %s without a crash', (open) => {
    expect(() => parse(open.repeat(10_000))).toThrow('more than 100 levels');
    expect(() => parse(open.repeat(5_000_000))).toThrow('more than 100 levels');
  });

  it('leaves every prototype alone', () => {
    const hostile = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    const value = parse(hostile) as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    for (const schema of [z.looseObject({}), z.record(z.string(), z.unknown()), z.object({})]) {
      parseConfig(schema, value, 'config.json');
    }
    expect(() => parseConfig(z.strictObject({}), value, 'config.json')).toThrow('unknown key "__proto__"');
    expect('polluted' in {}).toBe(false);
  });

  it('never throws anything but the refusal, whatever the text', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ':',
      ',',
      'a',
      '1',
      ' ',
      '\\u00',
      '"a":',
      'null',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(PatchBertError);
        }
      }),
      { seed: 2, numRuns: 2000 },
    );
  });
});

describe('a message', () => {
  const unprintable = '\n\r\t\u001b[31m\u0000\u007f\u0085\u009b\u2028\u2029\u202e\u2066\u200b\ufeff';

  it('is one line of text that prints, whatever it quotes', () => {
    const { message } = new PatchBertError('test/bad', `load: "${unprintable}end" is bad.`);
    expect(message).toBe(
      'load: " \\u001b[31m\\u0000\\u007f\\u0085\\u009b\\u2028\\u2029\\u202e\\u2066\\u200b\\ufeffend" is bad.',
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        expect(new PatchBertError('test/bad', text).message).not.toMatch(
          /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u,
        );
        expect(quote(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u);
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  it('leaves other text as it is', () => {
    expect(new PatchBertError('test/bad', 'load: "größe 日本 🙂" \\n is bad.').message).toBe(
      'load: "größe 日本 🙂" \\n is bad.',
    );
  });

  it('has an end', () => {
    const { message } = new PatchBertError('test/bad', 'x'.repeat(1_000_000));
    expect(message).toBe(`${'x'.repeat(10_000)}… (990000 more characters)`);
    expect(quote('y'.repeat(1_000_000))).toBe(`"${'y'.repeat(80)}…"`);
    expect(quote(new Array(1000).fill(1))).toBe(`[${'1,'.repeat(1000)}`.slice(0, 80).concat('…'));
    expect([quote(['a\u202e']), quote(null), quote(undefined)]).toEqual(['["a\\u202e"]', 'null', 'null']);
  });

  it('of a configuration lists twenty of a million unknown keys, each cut', () => {
    const value = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`${'k'.repeat(90)}${i}`, 1]));
    expect(() =>
      parseConfig(z.strictObject({ width: z.int() }), { width: 1, ...value }, 'config.json'),
    ).toThrow(/^config\.json: unknown key "k{80}…"\. Known keys: width\..*; and 99980 more unknown keys$/);
    const numbers = Array.from({ length: 1000 }, () => 'one');
    expect(() => parseConfig(z.array(z.int()), numbers, 'list')).toThrow(/and 980 more problems$/);
  });

  it('suggests nothing for a word of a million letters', () => {
    expect(didYouMean('x'.repeat(1_000_000), ['x'])).toBe('');
  });
});
