import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publishedPackages, readManifest, root } from './workspace.ts';

const execute = promisify(execFile);

/**
 * Packs every package that is published into a folder, as it would be published, from what `dist` holds: it must be current.
 * @returns name -> path of the tarball
 */
export async function packPublished(destination: string): Promise<ReadonlyMap<string, string>> {
  const { packageManager } = readManifest('.');
  const folders = publishedPackages.flatMap(({ folder }) => ['--filter', `./${folder}`]);
  const pack = ['--recursive', ...folders, 'pack', '--pack-destination', destination];
  await npm(root, 'exec', '--yes', '--', String(packageManager), ...pack);
  return new Map(
    publishedPackages.map(({ manifest }) => {
      const file = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`;
      return [manifest.name, join(destination, file)];
    }),
  );
}

/** Runs npm in a folder and waits for it; throws with what it printed when it fails. */
export async function npm(cwd: string, ...args: readonly string[]): Promise<void> {
  await execute('npm', [...args], { cwd, shell: process.platform === 'win32', maxBuffer: 2 ** 26 });
}
