import { posix } from 'node:path';

const columns = ['Case', 'What is tried', 'How often', 'Result', 'Where'];

/** What the faults of a page are told by. */
export interface Surroundings {
  /** Cases that some row must answer, such as `1-60, M1-M11`. */
  readonly cases: string;
  /** Names of the scripts of the root manifest. */
  readonly scripts: readonly string[];
  /** Whether a path from the root exists. */
  readonly exists: (path: string) => boolean;
  /** Folders of the root: a quoted word that begins with one is a path. */
  readonly folders: readonly string[];
}

interface Row {
  readonly text: string;
  readonly cells: readonly string[];
}

/**
 * What is wrong with the page of tables `| Case | What is tried | How often | Result | Where |`: cases without a row, cells that
 * are empty or cannot be read, files and commands that do not exist. Each fault is one line; none means the page is right.
 */
export function faultsOfReliabilityPage(page: string, surroundings: Surroundings): readonly string[] {
  const rows = rowsOf(page);
  return [
    ...rows.flatMap((row) => faultsOfRow(row, surroundings)),
    ...missingCases(rows, surroundings.cases),
    ...missingFiles(page, surroundings),
    ...missingScripts(page, surroundings.scripts),
  ];
}

/**
 * Cases of a list such as `1-3, 7, M1-M11`; `undefined` stands for a part that is no case and no range. A dash alone is an empty
 * list.
 */
export function casesIn(list: string): readonly (string | undefined)[] {
  if (/^[-–—]?$/.test(list.trim())) return [];
  return list.split(',').flatMap((part) => {
    const [, letter, first, lastLetter, last] =
      /^([A-Z]?)(\d+)(?:[-–—]([A-Z]?)(\d+))?$/.exec(part.replace(/\s/g, '')) ?? [];
    const [from, to] = [Number(first), Number(last ?? first)];
    const oneLetter = !lastLetter || lastLetter === letter;
    if (first === undefined || to < from || !oneLetter) return [undefined];
    return Array.from({ length: to - from + 1 }, (_, index) => `${letter}${from + index}`);
  });
}

function rowsOf(page: string): readonly Row[] {
  const rows: Row[] = [];
  let inTable = false;
  for (const text of page.split('\n')) {
    const cells = cellsOf(text);
    if (cells === undefined) inTable = false;
    else if (!inTable && cells[0] === columns[0]) inTable = cells.join() === columns.join();
    else if (inTable && !/^:?-+:?$/.test(cells[0] ?? '')) rows.push({ text, cells });
  }
  return rows;
}

function cellsOf(line: string): readonly string[] | undefined {
  const inner = /^\s*\|(.*)\|\s*$/.exec(line)?.[1];
  return inner?.split(/(?<!\\)\|/).map((cell) => cell.trim());
}

function faultsOfRow({ text, cells }: Row, surroundings: Surroundings): readonly string[] {
  const row = text.slice(0, 60);
  if (cells.length !== columns.length) return [`${cells.length} cells, not ${columns.length}: ${row}`];
  const [cases = '', , , result = '', where = ''] = cells;
  const empty = columns.filter((_, index) => cells[index] === '').map((column) => `no ${column}: ${row}`);
  const unread = casesIn(cases).includes(undefined) ? [`cases that cannot be read: ${cases}`] : [];
  const places = quoted(where);
  // Only what was not done, and says so, needs no place.
  const nowhere = places.length === 0 && !/\b(not|no|never|none|nothing|cannot)\b/i.test(result);
  return [
    ...empty,
    ...unread,
    ...(nowhere ? [`no file or command: ${row}`] : []),
    ...places
      .filter((place) => !isCommand(place) && !surroundings.exists(place))
      .map((place) => `no such file, and no command: ${place}`),
  ];
}

function missingCases(rows: readonly Row[], wanted: string): readonly string[] {
  const answered = new Set(rows.flatMap(({ cells }) => casesIn(cells[0] ?? '')));
  return casesIn(wanted)
    .filter((one) => !answered.has(one))
    .map((one) => `no row for case ${one}`);
}

function missingFiles(page: string, { exists, folders }: Surroundings): readonly string[] {
  const beginsInFolder = (word: string) => folders.some((folder) => word.startsWith(`${folder}/`));
  const words = quoted(page).flatMap((text) => text.split(/\s+/));
  const links = [...page.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, target]) =>
    posix.normalize(posix.join('docs', target!)),
  );
  return [...new Set([...words.filter(beginsInFolder), ...links])]
    .filter((path) => !exists(path))
    .map((path) => `no such file: ${path}`);
}

function missingScripts(page: string, scripts: readonly string[]): readonly string[] {
  const named = [...page.matchAll(/npm run (?:-s |--silent )?([\w:-]+)/g)].map(([, script]) => script!);
  return [...new Set(named)]
    .filter((script) => !scripts.includes(script))
    .map((script) => `no such script: ${script}`);
}

function isCommand(text: string): boolean {
  return /^(npm (run|test)|npx|node|pnpm)\b/.test(text);
}

function quoted(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, inside]) => inside!);
}
