import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * The file that `import` of a package would load from `directory`; undefined when it is not installed there.
 *
 * Node resolves from another place only as `require` does, so a package that offers itself to `import` alone is read by its
 * `exports`.
 */
export async function resolvePackage(name: string, directory: string): Promise<string | undefined> {
  const require = createRequire(join(directory, 'resolve.cjs'));
  for (const modules of require.resolve.paths(name) ?? []) {
    const folder = join(modules, packageOf(name));
    const manifest = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
    if (manifest === undefined) continue;
    const { exports } = JSON.parse(manifest) as { exports?: unknown };
    const target = exportTarget(exports, `.${name.slice(packageOf(name).length)}`);
    return target === undefined ? require.resolve(name) : join(folder, target);
  }
  return undefined;
}

/** `@scope/name/entry` -> `@scope/name`. */
function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

/** What `exports` of a manifest gives `import` for an entry; undefined where it has no plain answer. */
function exportTarget(exports: unknown, entry: string): string | undefined {
  if (typeof exports === 'string') return entry === '.' ? exports : undefined;
  if (typeof exports !== 'object' || exports === null) return undefined;
  const byEntry = exports as Readonly<Record<string, unknown>>;
  return underConditions(Object.keys(byEntry).some((key) => key.startsWith('.')) ? byEntry[entry] : byEntry);
}

function underConditions(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    const found = ['node', 'import', 'default'].includes(condition) ? underConditions(inner) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
