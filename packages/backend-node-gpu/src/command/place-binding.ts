import { copyFileSync, lstatSync, mkdirSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bindingFile, type Installation, installationFile, readInstallation } from './installation.ts';

/** Where the native binding looks for libraries, and where TensorFlow looks for CUDA: beside the folder of the links. */
const links = (made: Installation): readonly (readonly [link: string, target: string])[] => [
  ...['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'].map(
    (name) => [join('deps', 'lib', name), join(made.tensorflow, 'lib', name)] as const,
  ),
  ...(made.cuda === undefined ? [] : [[join('deps', 'nvidia'), made.cuda] as const]),
];

/**
 * Puts a built binding, links to its libraries, and a note of both into a package of tfjs-node. New files only: those of the package
 * may be shared with other projects. Nothing can come in between, for nothing here waits.
 */
export function placeBinding(folder: string, made: Installation, binding: string): void {
  removeBinding(folder);
  for (const name of [join('deps', 'lib'), join('lib', 'napi-v8')]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, installationFile), `${JSON.stringify(made, null, 2)}\n`);
  for (const [link, target] of links(made)) symlinkSync(target, join(folder, link));
  copyFileSync(binding, join(folder, bindingFile));
}

/** Takes away what `placeBinding` put there, and nothing else; says whether there was something. */
export function removeBinding(folder: string): boolean {
  const made = readInstallation(folder);
  if (made === undefined) return false;
  for (const [link] of links(made)) {
    if (lstatSync(join(folder, link), { throwIfNoEntry: false })?.isSymbolicLink())
      rmSync(join(folder, link));
  }
  for (const name of [bindingFile, installationFile]) rmSync(join(folder, name), { force: true });
  for (const name of [join('deps', 'lib'), 'deps', join('lib', 'napi-v8'), 'lib'])
    removeEmpty(join(folder, name));
  return true;
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something of the user's is in it.
  }
}
