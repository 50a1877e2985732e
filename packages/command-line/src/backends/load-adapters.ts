import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { BackendAdapter } from '@patchbert/backend';
import { didYouMean, PatchBertError } from '@patchbert/errors';
import { adapters as shipped } from './adapters.ts';
import { isFileName, isPackageName, modulePath, parseModuleName } from './module-name.ts';
import { resolvePackage } from './resolve-package.ts';

/**
 * Imports the module that a user named and checks what it exports: `adapters`, made by `defineBackend`.
 *
 * @param typed a file as seen from `directory`, or a package installed there; `#<backend>` is left to `pickAdapter`.
 * @returns undefined for a package that is not installed.
 * @throws PatchBertError `backend/no-module`, `backend/module-failed`, `backend/no-adapters`, `backend/not-an-adapter`,
 * `backend/name-taken`.
 */
export async function loadAdapters(
  typed: string,
  directory: string = process.cwd(),
): Promise<readonly BackendAdapter[] | undefined> {
  const { module } = parseModuleName(typed);
  const path = isFileName(module)
    ? await existingFile(module, directory)
    : await installed(module, directory);
  return path === undefined ? undefined : checkedAdapters(module, await importModule(module, path));
}

/**
 * The backend that `#<backend>` chooses, or the only one there is.
 *
 * @throws PatchBertError `backend/unknown`, `backend/choose-one`.
 */
export function pickAdapter(offered: readonly BackendAdapter[], typed: string): BackendAdapter {
  const { module, backend } = parseModuleName(typed);
  const names = offered.map(({ name }) => name);
  if (backend === undefined) {
    if (offered.length === 1) return offered[0]!;
    throw new PatchBertError(
      'backend/choose-one',
      `"${module}" exports several backends: ${names.join(', ')}; choose one, such as --backend ${module}#${names[0]}.`,
    );
  }
  const chosen = offered.find(({ name }) => name === backend);
  if (chosen !== undefined) return chosen;
  throw new PatchBertError(
    'backend/unknown',
    `"${module}" exports no backend "${backend}".${didYouMean(backend, names)} It exports: ${names.join(', ')}.`,
  );
}

async function existingFile(module: string, directory: string): Promise<string> {
  const path = modulePath(module, directory);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return path;
  throw new PatchBertError(
    'backend/no-module',
    found?.isDirectory()
      ? `--backend "${module}" is a folder; name the module file in it, such as ${module.replace(/[\\/]$/, '')}/index.mjs.`
      : `--backend "${module}": there is no such file in "${directory}"; expected a module that exports "adapters".`,
  );
}

async function installed(module: string, directory: string): Promise<string | undefined> {
  const path = isPackageName(module) ? await entryOf(module, directory) : undefined;
  if (path !== undefined || !module.startsWith('@')) return path;
  throw new PatchBertError(
    'backend/no-module',
    `--backend "${module}": no such package is installed in "${directory}"; npm install ${module} brings it.`,
  );
}

async function entryOf(module: string, directory: string): Promise<string | undefined> {
  try {
    return await resolvePackage(module, directory);
  } catch (error) {
    throw failedToLoad(module, error);
  }
}

async function importModule(module: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw failedToLoad(module, error);
  }
}

function failedToLoad(module: string, cause: unknown): PatchBertError {
  return new PatchBertError(
    'backend/module-failed',
    `--backend "${module}" does not load: ${reasonOf(cause)}`,
    {
      cause,
    },
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [first = ''] = error.message.split('\n');
  // What cannot be parsed is said with its line in the stack only.
  const place = error instanceof SyntaxError ? /^file:\S+:\d+$/m.exec(error.stack ?? '')?.[0] : undefined;
  return `${first}${place === undefined ? '' : ` (${place})`}`;
}

function checkedAdapters(
  module: string,
  exports: Readonly<Record<string, unknown>>,
): readonly BackendAdapter[] {
  const { adapters } = exports;
  if (!Array.isArray(adapters) || adapters.length === 0) {
    const names = Object.keys(exports);
    throw new PatchBertError(
      'backend/no-adapters',
      `--backend "${module}" must export "adapters", an array of what defineBackend of @patchbert/backend makes; ` +
        (adapters === undefined
          ? `it exports ${names.length === 0 ? 'nothing' : names.join(', ')}.`
          : `its "adapters" is ${Array.isArray(adapters) ? 'empty' : `of type ${typeof adapters}`}.`),
    );
  }
  for (const [index, adapter] of adapters.entries()) checkAdapter(module, adapter, index, adapters);
  return adapters as readonly BackendAdapter[];
}

function checkAdapter(module: string, adapter: unknown, index: number, all: readonly unknown[]): void {
  const { name, description, isAvailable, create } = (adapter ?? {}) as Readonly<Record<string, unknown>>;
  const lacks =
    typeof name !== 'string' || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)
      ? 'a name of lower-case words joined by hyphens'
      : typeof description !== 'string'
        ? 'a description'
        : typeof isAvailable !== 'function'
          ? 'a function isAvailable'
          : typeof create !== 'function'
            ? 'a function create'
            : undefined;
  if (lacks !== undefined) {
    throw new PatchBertError(
      'backend/not-an-adapter',
      `--backend "${module}": adapters[${index}] is no backend adapter, it lacks ${lacks}; make it with defineBackend of @patchbert/backend.`,
    );
  }
  if (all.findIndex((other) => (other as BackendAdapter | null)?.name === name) !== index) {
    throw new PatchBertError(
      'backend/name-taken',
      `--backend "${module}" exports two backends named "${name}".`,
    );
  }
  if (shipped.some((one) => one.name === name)) {
    throw new PatchBertError(
      'backend/name-taken',
      `--backend "${module}": "${name}" is the name of a backend that comes with this program; give yours another, or choose that one with --backend ${name}.`,
    );
  }
}
