import { beforeAll } from 'vitest';
import { buildPackage, command, packageFolder, runNode } from './project.ts';

const minutes = 60_000;

/**
 * Before the tests of a file: installs TensorFlow for the CPU for the tests of this workspace, as a user would. The first time that takes
 * a download to the default cache; afterwards it is there.
 */
export function installForWorkspace(): void {
  beforeAll(async () => {
    buildPackage();
    const { code, stderr } = await runNode(packageFolder, [command, 'install', '--cpu']);
    if (code !== 0) throw new Error(stderr);
  }, 15 * minutes);
}
