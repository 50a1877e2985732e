import {
  addDataFlags,
  choice,
  commaSeparated,
  exitCodes,
  finiteNumber,
  flagName,
  listOf,
  numberBetween,
  positiveNumber,
  runCommand,
  shellWord,
  wholeNumber,
} from '@patchbert/command-line';
import { PatchBertError } from '@patchbert/errors';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';

describe('parsers', () => {
  test.each(['', ' ', '1e3x', '0x10', '1_000', 'NaN', 'Infinity', '1,5', '--'])(
    'refuse %j as a number',
    (text) => {
      for (const parse of [wholeNumber(0), positiveNumber, finiteNumber, numberBetween(0, 1e9)]) {
        expect(() => parse(text)).toThrow(/Expected a/);
      }
    },
  );

  test('hold to their range', () => {
    expect(wholeNumber(1)('1e3')).toBe(1000);
    expect(() => wholeNumber(1)('0')).toThrow('at least 1');
    expect(() => wholeNumber(1)('1.5')).toThrow('whole number');
    expect(() => positiveNumber('0')).toThrow('above 0');
    expect(finiteNumber('-.5')).toBe(-0.5);
    expect(numberBetween(0, 1)('1')).toBe(1);
    expect(() => numberBetween(0, 1)('1.01')).toThrow('from 0 to 1');
  });

  test('read lists', () => {
    expect(commaSeparated('a, b')).toEqual(['a', 'b']);
    expect(() => commaSeparated('a,,b')).toThrow('commas');
    expect(listOf(wholeNumber(1))('96, 192')).toEqual([96, 192]);
    expect(() => listOf(wholeNumber(1))('96,x')).toThrow('whole number');
    expect(() => listOf(wholeNumber(1))('96,96')).toThrow('twice');
  });
});

test('a word comes back from the shell as it was', () => {
  expect(['a.csv', 'two words', "it's", '', '$HOME'].map(shellWord)).toEqual([
    'a.csv',
    "'two words'",
    "'it'\\''s'",
    "''",
    "'$HOME'",
  ]);
  expect(flagName('contextLength')).toBe('--context-length');
});

describe('runCommand', () => {
  const run = async (args: readonly string[], action: (flags: object) => void = () => {}) => {
    let written = '';
    const command = new Command('demo').allowExcessArguments(false).action(action);
    addDataFlags(command).addOption(choice('--kind <kind>', 'a kind', ['ridge', 'probe']));
    command.command('inspect').option('--model <folder>').action(action);
    const code = await runCommand(command, args, {
      write(text) {
        written += text;
      },
    });
    return { code, written };
  };

  test('gives the flags that were typed and no others', async () => {
    const given: object[] = [];
    const { code } = await run(['--data', 'a.csv', '--channels', 'x,y'], (flags) => given.push(flags));
    expect(code).toBe(exitCodes.done);
    expect(given).toEqual([{ data: 'a.csv', channels: ['x', 'y'] }]);
  });

  test.each([
    [['--dta', 'a.csv'], 'Did you mean --data?'],
    [['--kind', 'rigde'], 'Did you mean "ridge"?'],
    [['--channels', ','], 'Expected names separated by commas.'],
    [['inspect', '--modle', 'x'], 'Did you mean --model?'],
    [['--data'], 'argument missing'],
  ])('says in one line what is wrong with %j', async (args, says) => {
    const { code, written } = await run(args);
    expect(written).toMatch(/^error: [^\n]+\n$/);
    expect(written).toContain(says);
    expect(code).toBe(exitCodes.usage);
  });

  test.each([
    [
      new PatchBertError('data/x', 'readCsv: line 3\n  is ragged.'),
      'error: line 3 is ragged.\n',
      exitCodes.failed,
    ],
    [
      new PatchBertError('train/diverged', 'fit: the loss is NaN.'),
      'error: the loss is NaN.\n',
      exitCodes.diverged,
    ],
    [
      Object.assign(new Error('x'), { code: 'ENOSPC', syscall: 'write' }),
      'error: the disk is full (ENOSPC, write).\n',
      exitCodes.failed,
    ],
  ])('turns %s into a line and a code', async (error, line, exitCode) => {
    const { code, written } = await run([], () => {
      throw error;
    });
    expect({ code, written }).toEqual({ code: exitCode, written: line });
  });
});
