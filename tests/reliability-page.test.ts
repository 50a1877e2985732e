import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { casesIn, faultsOfReliabilityPage, type Surroundings } from './support/reliability-page.ts';
import { readManifest, readText, root } from './support/workspace.ts';

test('docs/reliability.md answers every case, and names only files and commands that exist', () => {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const faults = faultsOfReliabilityPage(readText('docs/reliability.md'), {
    cases: '1-60, 63-74, 77-82, 88, 89, 91-95, M1-M11, N1-N9, E1-E13, T1-T13',
    scripts: Object.keys(readManifest('.').scripts as object),
    exists: (path) => existsSync(join(root, path)),
    folders,
  });
  expect(faults).toEqual([]);
});

test.each([
  ['1-3, 7', ['1', '2', '3', '7']],
  ['M2–M3,E1', ['M2', 'M3', 'E1']],
  ['T1-3', ['T1', 'T2', 'T3']],
  ['5', ['5']],
  ['-', []],
  ['', []],
  ['3-1, M1-N2, all, 4a', [undefined, undefined, undefined, undefined]],
])('cases of %j', (list, expected) => {
  expect(casesIn(list)).toEqual(expected);
});

const surroundings: Surroundings = {
  cases: '1-3, M1',
  scripts: ['pretrain'],
  exists: (path) => ['tests/a.test.ts', 'README.md', 'docs/other.md'].includes(path),
  folders: ['tests', 'docs'],
};

const header = ['| Case | What is tried | How often | Result | Where |', '| --- | :-- | --- | --- | --- |'];
const good = [
  '# Page',
  'See [another](other.md), [a section](#x), [a site](https://example.org/y), `tests/a.test.ts`.',
  '',
  ...header,
  '| 1-2 | a \\| b | once | holds | `tests/a.test.ts`, `npm run pretrain -- --help` |',
  '| M1 | c | - | not done: no device | - |',
  '',
  '| Case | Other table |',
  '| --- | --- |',
  '| whatever | `forecaster.json` |',
  '',
  ...header,
  '| 3 | d | every run | holds | `README.md` |',
];

test('a page without faults has none', () => {
  expect(faultsOf([])).toEqual([]);
});

test.each([
  ['| 1 | a | b | c | `tests/b.test.ts` |', 'no such file, and no command: tests/b.test.ts'],
  ['| 1 | a | b | c | `somewhere` |', 'no such file, and no command: somewhere'],
  ['| 1 | a | b | c | the tests |', 'no file or command: | 1 | a | b | c | the tests |'],
  ['| 1 | a | b | c | `npm run nothing` |', 'no such script: nothing'],
  ['| 1 | a | b | c | `npx vitest run tests/c.test.ts` |', 'no such file: tests/c.test.ts'],
  ['| first | a | b | c | `README.md` |', 'cases that cannot be read: first'],
  ['| 1 | a | | c | `README.md` |', 'no How often: | 1 | a | | c | `README.md` |'],
  ['| 1 | a | b | `README.md` |', '4 cells, not 5: | 1 | a | b | `README.md` |'],
])('%s is told', (row, fault) => {
  expect(faultsOf([row])).toContain(fault);
});

test('a case without a row, a link that leads nowhere and a path in the text are told', () => {
  const page = [...good.slice(0, -1), '', '[gone](gone.md) and `docs/gone-too.md`'].join('\n');
  expect(faultsOfReliabilityPage(page, surroundings)).toEqual([
    'no row for case 3',
    'no such file: docs/gone-too.md',
    'no such file: docs/gone.md',
  ]);
});

function faultsOf(more: readonly string[]): readonly string[] {
  return faultsOfReliabilityPage([...good, ...more].join('\n'), surroundings);
}
