import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package. */
export const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

/** The command of this package, as built. */
export const command = join(packageFolder, 'dist/main.js');

export type TensorflowPackageName = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project of a user in a temporary folder, with this package installed in it as it would be published. */
export interface Project {
  readonly folder: string;
  /** The folder of one of its packages. */
  installed(name: string): string;
  /** Runs the command there; `onLine` sees the lines as they come, and may send a signal. */
  run(
    args: readonly string[],
    onLine?: (line: string, kill: (signal: NodeJS.Signals) => void) => void,
  ): Promise<Ended>;
  /** Runs a module there, which prints one line of JSON, and returns what that says. */
  evaluate(code: string, nodeOptions?: readonly string[]): Promise<unknown>;
}

/** Builds this package; quick when it is up to date. */
export function buildPackage(): void {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-b', packageFolder], { stdio: 'inherit' });
}

/** A new project. The package is copied, not linked, so that it finds only what is installed beside it. */
export function newProject(): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'patchbert-node-gpu-project-')));
  const installed = (name: string) => join(folder, 'node_modules', name);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  for (const name of ['dist', 'package.json']) {
    cpSync(join(packageFolder, name), join(installed('@patchbert/backend-node-gpu'), name), {
      recursive: true,
    });
  }
  for (const name of [
    '@patchbert/backend',
    '@patchbert/errors',
    '@tensorflow/tfjs-core',
    'commander',
    'node-api-headers',
  ]) {
    link(realpathSync(join(packageFolder, 'node_modules', name)), installed(name));
  }
  const main = join(installed('@patchbert/backend-node-gpu'), 'dist/main.js');
  return {
    folder,
    installed,
    run: (args, onLine) => runNode(folder, [main, ...args], onLine),
    async evaluate(code, nodeOptions = []) {
      const {
        stdout,
        stderr,
        code: exitCode,
      } = await runNode(folder, [...nodeOptions, '--input-type=module', '--eval', code]);
      if (exitCode !== 0 || stderr !== '') throw new Error(`${exitCode}: ${stderr}`);
      return JSON.parse(stdout);
    },
  };
}

/** Puts files in the place of a package of tfjs-node. */
export function installFake(
  project: Project,
  name: TensorflowPackageName,
  files: Readonly<Record<string, string>>,
  version = '4.22.0',
): string {
  const target = project.installed(name);
  const manifest = JSON.stringify({ name, version, main: 'index.js' });
  for (const [path, text] of Object.entries({ 'package.json': manifest, 'index.js': '', ...files })) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), text);
  }
  return target;
}

/** Puts the real package of tfjs-node in a project, a copy without its native binding, and links what it depends on. */
export function installReal(project: Project, name: TensorflowPackageName): string {
  const source = realpathSync(join(packageFolder, 'node_modules', name));
  const target = project.installed(name);
  cpSync(source, target, {
    recursive: true,
    filter: (path) => !(dirname(path) === source && ['deps', 'lib', 'node_modules'].includes(basename(path))),
  });
  const around = dirname(dirname(source));
  for (const dependency of packagesIn(around)) {
    if (!existsSync(project.installed(dependency))) {
      link(realpathSync(join(around, dependency)), project.installed(dependency));
    }
  }
  return target;
}

function packagesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(folder, name)).map((inner) => `${name}/${inner}`) : [name],
    );
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'dir');
}

/** Runs Node in a folder to its end. */
export async function runNode(
  cwd: string,
  args: readonly string[],
  onLine: (line: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<Ended> {
  // The programs that pnpm starts find the workspace's packages through NODE_PATH; a user's project has no such thing.
  const env = { ...process.env, NODE_PATH: undefined };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const line of text.split('\n')) onLine(line, (signal) => child.kill(signal));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}
