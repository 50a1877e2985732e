import { existsSync, readdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { report } from 'node:process';
import type { TensorflowPackage, TensorflowPackageName } from '../engine/tensorflow-package.ts';
import type { FoundProgram } from './find-programs.ts';
import { foreignFolder } from './installation.ts';
import { TFJS_NODE_VERSION } from './libraries.ts';

/** One thing that an installation needs: what was found, or what is missing and how to mend it. */
export interface Check {
  readonly isMet: boolean;
  readonly text: string;
}

const met = (text: string): Check => ({ isMet: true, text });
const missing = (text: string): Check => ({ isMet: false, text });

const OLDEST_GLIBC = [2, 27] as const;

/** The wheels hold libraries for Linux on x86_64 with glibc 2.27 or newer. */
export function checkSystem(): Check {
  if (platform() !== 'linux' || arch() !== 'x64') {
    return missing(
      `this is ${platform()} on ${arch()}; the command serves Linux on x64. Elsewhere "npm install @tensorflow/tfjs-node" brings a binary ` +
        'of its own.',
    );
  }
  const glibc = glibcVersion();
  const [major = 0, minor = 0] = glibc?.split('.').map(Number) ?? [];
  if (
    glibc === undefined ||
    major < OLDEST_GLIBC[0] ||
    (major === OLDEST_GLIBC[0] && minor < OLDEST_GLIBC[1])
  ) {
    return missing(
      `TensorFlow's libraries need glibc ${OLDEST_GLIBC.join('.')} or newer; this Linux has ${glibc ?? 'another C library'}.`,
    );
  }
  return met(`Linux on x64, glibc ${glibc}`);
}

/** The package of tfjs-node that the binding goes in. */
export function checkPackage(name: TensorflowPackageName, found: TensorflowPackage | undefined): Check {
  const install = `npm install --ignore-scripts ${name}@${TFJS_NODE_VERSION}`;
  if (found === undefined) return missing(`${name} is not installed in this project; run "${install}".`);
  if (found.version !== TFJS_NODE_VERSION) {
    return missing(`${name} is ${found.version} in this project; run "${install}".`);
  }
  const foreign = foreignFolder(found.folder);
  if (foreign !== undefined) {
    return missing(
      `"${foreign}" was made by something else, perhaps the install script of ${name}; remove "${join(found.folder, 'deps')}" and ` +
        `"${join(found.folder, 'lib')}" to have them made anew.`,
    );
  }
  return met(`${name} ${found.version} in ${found.folder}`);
}

export function checkCompiler(found: FoundProgram | undefined, named: string | undefined): Check {
  if (found !== undefined) return met(found.title);
  return missing(
    named === undefined
      ? 'no C++ compiler was found; install one ("apt-get install g++"), or name it with --compiler.'
      : `the compiler "${named}" does not answer; give --compiler a command such as g++-12.`,
  );
}

export function checkPip(found: FoundProgram | undefined): Check {
  if (found !== undefined) return met(found.title);
  return missing(
    'no pip was found to download with; install it ("apt-get install python3-pip"), or name a wheel that is there with --wheel.',
  );
}

export function checkWheel(path: string): Check {
  return existsSync(path) ? met(`wheel ${path}`) : missing(`--wheel: there is no "${path}".`);
}

/** A folder as pip leaves it: `<library>/lib/*.so`. */
export function checkCudaFolder(folder: string): Check {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.some((name) => existsSync(join(folder, name, 'lib')))
    ? met(`CUDA libraries in ${folder}`)
    : missing(
        `--nvidia: "${folder}" holds no <library>/lib; expected a folder such as .../site-packages/nvidia.`,
      );
}

/** Room for what is to be downloaded and unpacked, in megabytes. */
export async function checkDisk(folder: string, needed: number): Promise<Check> {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = await statfs(existing);
  const free = Math.floor((bavail * bsize) / 1e6);
  const text = `${free} MB free for ${folder}; ${needed} MB needed`;
  return free >= needed ? met(text) : missing(`${text}; choose another disk with --cache.`);
}

function glibcVersion(): string | undefined {
  const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime;
}
