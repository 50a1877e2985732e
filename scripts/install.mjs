import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runTool } from './run-tool.mjs';

const stamp = join(root, 'node_modules', '.patchbert-installed');

/** Installs the locked dependencies unless they are there for the present manifests and lock file. */
export async function install() {
  const manifests = workspaceManifests();
  const wanted = fingerprint(manifests);
  if (manifests.every(hasModules) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    return;
  }
  rmSync(stamp, { force: true });
  console.error('Installing dependencies (once, and again when they change) ...');
  // stdout belongs to the program that runs afterwards.
  const { code } = await runPnpm(['install', '--frozen-lockfile', '--config.confirmModulesPurge=false'], {
    output: ['ignore', process.stderr, 'inherit'],
  });
  if (code !== 0) {
    console.error(`Dependencies could not be installed (pnpm ended with ${code}); its message is above.`);
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}

/** Runs the pnpm that package.json pins; npm fetches it once, so none has to be installed. */
export function runPnpm(args, options) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return runTool('npx', ['--yes', packageManager, ...args], options);
}

function workspaceManifests() {
  const folders = ['packages', 'apps'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(root, folder, name)),
  );
  return [
    root,
    join(root, 'bench'),
    join(root, 'fuzz'),
    join(root, 'examples', 'custom-backend'),
    ...folders.sort(),
  ]
    .map((folder) => join(folder, 'package.json'))
    .filter((path) => existsSync(path));
}

function hasModules(manifest) {
  const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8'));
  return dependencies === undefined || existsSync(join(manifest, '..', 'node_modules'));
}

function fingerprint(manifests) {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const path of [...manifests, join(root, 'pnpm-lock.yaml'), join(root, 'pnpm-workspace.yaml')]) {
    hash.update('\0').update(readFileSync(path));
  }
  return hash.digest('hex');
}
