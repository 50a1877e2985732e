import { resolve } from 'node:path';

/** A backend module as named on a command line: `<file or package>`, or `<file or package>#<backend>`. */
export interface ModuleName {
  readonly module: string;
  /** Which of its backends. */
  readonly backend?: string;
}

/** Splits off the backend behind `#`. */
export function parseModuleName(typed: string): ModuleName {
  const [, module, backend] = /^(.+)#([a-z0-9-]*)$/.exec(typed) ?? [];
  return module === undefined ? { module: typed } : { module, backend: backend! };
}

/** Whether a word names a module file: by a path, a drive or a file suffix. A scoped package has a slash too. */
export function isFileName(module: string): boolean {
  return !isPackageName(module) && (/[\\/]|^[a-z]:/i.test(module) || hasSuffix(module));
}

/** Whether a word may name an installed package, or an entry below it. */
export function isPackageName(module: string): boolean {
  return (
    /^@[\w~-][\w.~-]*\/[\w.~/-]+$|^[a-z0-9~_-][\w.~-]*$/i.test(module) &&
    !(hasSuffix(module) && !module.startsWith('@'))
  );
}

/** Whether a word means a module for sure; a bare word may be a misspelt backend as well. */
export function namesModule(typed: string): boolean {
  const { module, backend } = parseModuleName(typed);
  return backend !== undefined || isFileName(module) || module.startsWith('@');
}

/** The absolute path of a module file. */
export function modulePath(module: string, directory: string): string {
  return resolve(directory, module);
}

function hasSuffix(module: string): boolean {
  return /\.[cm]?[jt]s$/i.test(module);
}
