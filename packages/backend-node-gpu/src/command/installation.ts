import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What this command put into a package of tfjs-node. */
export interface Installation {
  /** What the binding was built from and for, such as `tensorflow-cpu-2.21.0 @tensorflow/tfjs-node@4.22.0`. */
  readonly built: string;
  /** The folder with TensorFlow's libraries that the package links to. */
  readonly tensorflow: string;
  /** The folder with the CUDA libraries. */
  readonly cuda?: string;
}

/** Where the native binding of a package goes; tfjs-node looks for the newest Node-API it was ever built for, which is 8. */
export const bindingFile = join('lib', 'napi-v8', 'tfjs_binding.node');

/** Written beside the binding: says that this command made it, and from what. */
export const installationFile = join('lib', 'patchbert-node-gpu.json');

/** What this command put into a package folder, or undefined. */
export function readInstallation(folder: string): Installation | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, installationFile), 'utf8')) as Installation;
  } catch {
    return undefined;
  }
}

/** A folder in a package that something else made, where this command would write, or undefined. */
export function foreignFolder(folder: string): string | undefined {
  if (readInstallation(folder) !== undefined) return undefined;
  return ['deps', 'lib'].map((name) => join(folder, name)).find((path) => existsSync(path));
}
