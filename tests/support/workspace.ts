import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly [field: string]: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export interface WorkspacePackage {
  /** Name without scope, such as `ops`. */
  readonly name: string;
  /** Path from the root, such as `packages/ops`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Every workspace package: the libraries, the apps, the benchmark and the fuzzer. */
export const workspacePackages: readonly WorkspacePackage[] = [
  ...foldersIn('packages'),
  ...foldersIn('apps'),
  'bench',
  'fuzz',
].map((folder) => {
  const manifest = readManifest(folder);
  return { name: manifest.name.replace('@patchbert/', ''), folder, manifest };
});

/** The packages that are published for others to build on. */
export const libraryPackages = workspacePackages.filter(({ folder }) => folder.startsWith('packages/'));

/** The packages that npm offers: the libraries and the programs. */
export const publishedPackages = workspacePackages.filter(({ manifest }) => manifest.private !== true);

/** Reads `package.json` of a folder. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
}

/** Files under a folder, as paths from the root with `/`; none when the folder does not exist. */
export function filesUnder(folder: string, ending: string): readonly string[] {
  const absolute = join(root, folder);
  if (!existsSync(absolute)) {
    return [];
  }
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !/(^|\/)(node_modules|dist)\//.test(path))
    .sort();
}

/** The text of a file named by its path from the root. */
export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function foldersIn(parent: string): readonly string[] {
  return readdirSync(join(root, parent))
    .map((name) => `${parent}/${name}`)
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .sort();
}
