import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, posix, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packPublished } from './support/packed-packages.ts';
import { filesUnder, type Manifest, publishedPackages, root } from './support/workspace.ts';

const execute = promisify(execFile);
const minutes = 60_000;

/** What each tarball holds beside its sources and their build. */
const inEvery = ['LICENSE', 'README.md', 'package.json'];
const besides: Readonly<Record<string, readonly string[]>> = {
  'backend-node-gpu': ['bin/patchbert-node-gpu.mjs'],
  datasets: [
    'assets/CC-BY-4.0.txt',
    'assets/README.md',
    'assets/beijing-air-quality.csv.gz',
    'assets/japanese-vowels-test.ts.gz',
    'assets/japanese-vowels-train.ts.gz',
  ],
};

/** In kilobytes, packed. */
const mostKilobytes = 250;
const moreKilobytes: Readonly<Record<string, number>> = { datasets: 1000 };

const builds = ['.js', '.js.map', '.d.ts', '.d.ts.map'];

let folder = '';
let tarballs: ReadonlyMap<string, string> = new Map();

// Packs what `dist` holds, so it must be current: `npm test` sees to that.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbert-tarballs-'));
  tarballs = await packPublished(join(folder, 'packed'));
  for (const { name, manifest } of publishedPackages) {
    mkdirSync(join(folder, name));
    await execute('tar', ['xzf', tarballs.get(manifest.name)!, '-C', join(folder, name)]);
  }
}, 2 * minutes);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(publishedPackages.map((one) => [one.name, one] as const))('the tarball of %s', (name, one) => {
  const unpacked = () => join(folder, name, 'package');
  const read = (file: string) => readFileSync(join(unpacked(), file), 'utf8');
  const texts = () => entriesOf(unpacked()).filter((file) => !file.endsWith('.gz'));

  test('holds the sources, what was built of each, and what is listed above: no file more, no link', () => {
    const sources = filesUnder(`${one.folder}/src`, '').map((path) => path.slice(one.folder.length + 1));
    const built = sources.flatMap((source) => {
      const stem = source.replace(/^src\//, 'dist/').replace(/\.ts$/, '');
      return builds.map((ending) => stem + ending);
    });
    // A file too many below dist is a left-over of a source that is gone: remove that folder and build again.
    expect(entriesOf(join(folder, name))).toEqual(
      [...inEvery, ...(besides[name] ?? []), ...sources, ...built].map((file) => `package/${file}`).sort(),
    );
  });

  test('is small', () => {
    const kilobytes = statSync(tarballs.get(one.manifest.name)!).size / 1000;
    expect(kilobytes).toBeLessThan(moreKilobytes[name] ?? mostKilobytes);
  });

  test('has the licence of the repository', () => {
    expect(read('LICENSE')).toBe(readFileSync(join(root, 'LICENSE'), 'utf8'));
  });

  test('names no place of the machine that packed it', () => {
    const places = [root, homedir(), tmpdir()]
      .filter((path) => path.length > 3)
      .map((path) => `${path}${sep}`);
    const wrong = texts().filter((file) => places.some((path) => read(file).includes(path)));
    expect(wrong).toEqual([]);
  });

  test('has maps that lead to its own sources', () => {
    const maps = texts().filter((file) => file.endsWith('.map'));
    expect(maps.length).toBeGreaterThan(0);
    for (const file of maps) {
      const map = JSON.parse(read(file)) as {
        sourceRoot: string;
        sources: readonly string[];
        sourcesContent?: readonly string[];
      };
      expect([map.sourceRoot, map.sourcesContent], file).toEqual(['', undefined]);
      for (const source of map.sources) {
        const target = posix.join(posix.dirname(file), source);
        expect(target, file).toMatch(/^src\//);
        expect(statSync(join(unpacked(), target)).isFile(), `${file} -> ${target}`).toBe(true);
      }
    }
  });

  test('has a manifest without anything of the workspace, that runs nothing when it is installed', () => {
    const manifest = JSON.parse(read('package.json')) as Manifest;
    expect(read('package.json')).not.toContain('@patchbert/source');
    const { dependencies, peerDependencies, devDependencies } = manifest;
    for (const [needed, range] of Object.entries({
      ...dependencies,
      ...peerDependencies,
      ...devDependencies,
    })) {
      expect(range, needed).toMatch(/^\^?\d+\.\d+\.\d+$/);
    }
    expect(Object.keys((manifest.scripts ?? {}) as object).filter(runsByItself)).toEqual([]);
    // npm builds a package that has this file, asked or not.
    expect(entriesOf(unpacked())).not.toContain('binding.gyp');
    for (const entry of Object.values((manifest.bin ?? {}) as Record<string, string>)) {
      expect(read(entry)).toMatch(/^#!\/usr\/bin\/env node\n/);
    }
  });
});

function runsByItself(script: string): boolean {
  return /^(pre|post)?(install|uninstall|prepare|pack|publish)$|^prepublishOnly$|^dependencies$/.test(script);
}

/** Every entry below a folder that is no folder, with `/`, sorted; a link is listed as `<path> (link)`. */
function entriesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/');
      return entry.isFile() ? path : `${path} (link)`;
    })
    .sort();
}
