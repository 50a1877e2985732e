import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The npm packages that hold the adapter of TensorFlow.js to the native library. They differ in name only. */
export type TensorflowPackageName = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';

/** One of them, installed. */
export interface TensorflowPackage {
  readonly name: TensorflowPackageName;
  readonly version: string;
  /** Its real folder, which the native binding goes in. */
  readonly folder: string;
}

/** The package as a module at `place` (a file's path or URL) would find it, or undefined where it is not installed. */
export function findTensorflowPackage(
  name: TensorflowPackageName,
  place: string | URL,
): TensorflowPackage | undefined {
  try {
    const manifest = createRequire(place).resolve(`${name}/package.json`);
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return { name, version, folder: dirname(manifest) };
  } catch {
    return undefined;
  }
}

/** The file with the native binding of an installed package, or undefined before it is built. */
export function findBinding(folder: string): string | undefined {
  const built = join(folder, 'lib');
  if (!existsSync(built)) return undefined;
  return readdirSync(built)
    .filter((name) => name.startsWith('napi-v'))
    .map((name) => join(built, name, 'tfjs_binding.node'))
    .find((file) => existsSync(file));
}
