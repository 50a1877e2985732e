import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { parseSource, walk } from './support/syntax.ts';
import { filesUnder } from './support/workspace.ts';

/** Where text of strangers' files, and messages that quote it, meet patterns. */
const sources = [
  ...filesUnder('packages/data/src', '.ts'),
  ...filesUnder('packages/command-line/src/data', '.ts'),
  ...filesUnder('packages/command-line/src/errors', '.ts'),
  ...filesUnder('packages/errors/src', '.ts'),
  'apps/pretrain/src/series/open-run-series.ts',
];

const patterns = [...new Set(sources.flatMap(patternsOf))].sort();

/** Long enough that work in the square of the length, even once, takes longer than a test may. */
const LENGTH = 2 ** 17;

/** What the repeated parts of the patterns match, and what two of them could share. */
const repeated = [
  '0',
  '1.',
  ',111',
  "'",
  '"',
  ' ',
  '\t',
  'a',
  'aB',
  '\\',
  '\u2028',
  '\n',
  '-00',
  '_',
  '@',
  '1e',
  '(',
  '{',
  ':',
  '-00-00 00',
];
const beginnings = ['', '-', '1', '@', '"', '2024-01-01 ', '1_', 'read("', '__index_level_', ' 00-00'];
const endings = ['', '!', '\u2028!\u2028'];

test('every pattern that meets the text of strangers is one that has been looked at', () => {
  expect(patterns).toMatchInlineSnapshot(`
    [
      "/ (\\d{1,2})-(\\d{2})-(\\d{2})$/",
      "/[ \\t\\n\\r]*:/y",
      "/[",\\r\\n]/",
      "/[\\\\/.]/",
      "/[\\\\/]/",
      "/[\\p{Cc}\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff]/gu",
      "/[\\r\\n\\u2028\\u2029]/",
      "/[\\r\\n]/",
      "/[\\r\\n]\\s*/g",
      "/\\.(parquet|pq)$/i",
      "/\\.tsf$/i",
      "/\\\\(.)/gs",
      "/\\b(set|or) format to "/g",
      "/\\s*(\\d{1,9})\\s+/y",
      "/\\s+/",
      "/^"(.*)"$/",
      "/^(\\?|nan)$/i",
      "/^(\\?|nan)?$/i",
      "/^(\\d{1,6})_([a-z]+?)s?$/",
      "/^(\\d{4})([-/])(\\d{1,2})\\2(\\d{1,2})(?:[T ](\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?(?: ?(Z|[+-]\\d{2}(?::?\\d{2})?))?)?$/",
      "/^(changed|has|holds|is) /",
      "/^(class|target|label)(_?(attribute|value|label))?$/i",
      "/^0[xob]/i",
      "/^U?INT_/",
      "/^['"]/",
      "/^[+-]?0[xob]/i",
      "/^[+-]?0\\d/",
      "/^[+-]?[\\d.]+(e[+-]?\\d+)?$/i",
      "/^[+-]?[\\d.]/",
      "/^[+-]?\\d+[,'_ ]\\d+/",
      "/^[+-]?\\d{1,3}([.,' _]\\d{3})+([.,]\\d+)?$/",
      "/^[+-]?inf(inity)?$/i",
      "/^[@#%]/",
      "/^[a-z]+(?:[A-Z][a-z]*)*(?:\\("[^"]*"\\))?: /",
      "/^\\d+$/",
      "/^\\uFEFF/",
      "/^\\ufeff/",
      "/^__index_level_\\d+__$/",
      "/^readSeriesSet options: /",
      "/naming the others in channels/",
      "/pass dataDirectory,/",
      "/read the file with target "label"/",
      "/set timeColumn to false/",
    ]
  `);
});

describe('takes time in proportion to the text, whatever stands in it', () => {
  test.each(patterns.map((pattern) => [pattern]))('%s', (pattern) => {
    const end = pattern.lastIndexOf('/');
    const expression = new RegExp(pattern.slice(1, end), pattern.slice(end + 1));
    let matches = 0;
    for (const part of repeated) {
      const middle = part.repeat(Math.ceil(LENGTH / part.length));
      for (const beginning of beginnings) {
        for (const ending of endings) {
          expression.lastIndex = 0;
          if (expression.test(beginning + middle + ending)) matches++;
        }
      }
    }
    // What is counted does not matter: with a pattern that backtracks, this line is never reached.
    expect(matches).toBeGreaterThanOrEqual(0);
  });
});

function patternsOf(path: string): string[] {
  const found: string[] = [];
  walk(parseSource(path), (node) => {
    if (ts.isRegularExpressionLiteral(node)) found.push(node.text);
  });
  return found;
}
