import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The two files of a set in one format. */
export interface ClassificationFiles {
  /** As the files are named. */
  readonly name: string;
  readonly train: string;
  readonly test: string;
}

/** The train and test files below a folder, each pair with the name it stands for; better formats first. */
export interface FoundFiles {
  readonly pairs: readonly ClassificationFiles[];
  /** Files of the wanted set whose other half is not there. */
  readonly halves: readonly string[];
  /** Names of all sets seen. */
  readonly names: readonly string[];
}

const FORMATS = ['ts', 'tsv', 'arff', 'txt'];
const FILE = /^(.+)_(train|test)\.(ts|tsv|arff|txt)$/i;

/** A name without case, blanks, hyphens and underscores: `gun-point` is GunPoint. */
export function looseName(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, '');
}

/**
 * Looks for `<name>_TRAIN` and `<name>_TEST` files, whatever their case, in `directory`, in its folders `ucr` and `uea`, and in the folder
 * of the set in each of them. A name never leads out of the directory: it is only compared with what is there.
 */
export async function findClassificationFiles(directory: string, name: string): Promise<FoundFiles> {
  const wanted = looseName(name);
  const pairs: ClassificationFiles[] = [];
  const halves: string[] = [];
  const names = new Set<string>();
  const top = await listing(directory);
  const archives = top.folders.filter((folder) => /^(ucr|uea)$/i.test(folder));
  for (const place of [directory, ...archives.map((folder) => join(directory, folder))]) {
    const { files, folders } = place === directory ? top : await listing(place);
    // Folders of other sets are looked into for their names alone, which a message may suggest.
    for (const folder of folders.filter((one) => !archives.includes(one))) {
      const path = join(place, folder);
      const isWanted = looseName(folder) === wanted;
      collect(path, (await listing(path)).files, isWanted ? wanted : undefined, pairs, halves, names);
    }
    collect(place, files, wanted, pairs, halves, names);
  }
  return { pairs, halves, names: [...names] };
}

function collect(
  folder: string,
  files: readonly string[],
  wanted: string | undefined,
  pairs: ClassificationFiles[],
  halves: string[],
  names: Set<string>,
): void {
  for (const format of FORMATS) {
    const found = new Map<string, string>();
    for (const file of files) {
      const [, name = '', part = '', extension = ''] = FILE.exec(file) ?? [];
      if (extension.toLowerCase() !== format) continue;
      names.add(name);
      if (looseName(name) === wanted) found.set(part.toLowerCase(), file);
    }
    const [train, test] = [found.get('train'), found.get('test')];
    if (train !== undefined && test !== undefined) {
      pairs.push({ name: FILE.exec(train)![1]!, train: join(folder, train), test: join(folder, test) });
    } else halves.push(...[...found.values()].map((file) => join(folder, file)));
  }
}

/** Files and folders in order of their names; none when the folder cannot be read. */
async function listing(path: string): Promise<{ files: string[]; folders: string[] }> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const named = (wanted: boolean) =>
    entries
      .filter((entry) => (wanted ? entry.isDirectory() : !entry.isDirectory()))
      .map((entry) => entry.name)
      .sort();
  return { files: named(false), folders: named(true) };
}
