import { resolve } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import type { TensorflowPackage } from '../engine/tensorflow-package.ts';
import { cacheFolder } from './cache-folder.ts';
import {
  type Check,
  checkCompiler,
  checkCudaFolder,
  checkDisk,
  checkPackage,
  checkPip,
  checkSystem,
  checkWheel,
} from './checks.ts';
import type { Context } from './context.ts';
import { findPackage } from './find-package.ts';
import { type FoundProgram, findCompiler, findPip } from './find-programs.ts';
import { findKept } from './kept-libraries.ts';
import type { Libraries } from './libraries.ts';
import { cudaName, type Sources, tensorflowName } from './obtain-libraries.ts';

/** What the user may say about an installation. */
export interface InstallOptions {
  readonly cpu?: true;
  readonly cache?: string;
  readonly wheel?: string;
  readonly nvidia?: string;
  readonly compiler?: string;
}

/** Everything an installation needs, found before anything is changed. */
export interface Plan extends Sources {
  readonly libraries: Libraries;
  readonly target: TensorflowPackage;
  readonly compiler: FoundProgram;
  /** CUDA libraries that are there already. */
  readonly nvidia?: string;
}

/**
 * Checks what an installation needs and says what it will download.
 *
 * @throws PatchBertError `node-gpu/cannot-install` with the first thing that is missing; all of them are listed.
 */
export async function makePlan(
  libraries: Libraries,
  options: InstallOptions,
  context: Context,
): Promise<Plan> {
  const cache = cacheFolder(options.cache);
  const target = findPackage(libraries.npmPackage, context.project);
  const wheel = options.wheel === undefined ? undefined : resolve(options.wheel);
  const nvidia = options.nvidia === undefined ? undefined : resolve(options.nvidia);
  const needsTensorflow = (await findKept(cache, tensorflowName(libraries))) === undefined;
  const { cuda } = libraries;
  const neededCuda =
    nvidia === undefined && (await findKept(cache, cudaName)) === undefined ? cuda : undefined;
  const downloads = [
    ...(needsTensorflow && wheel === undefined ? [libraries.download] : []),
    ...(neededCuda === undefined ? [] : [neededCuda.download]),
  ];
  const unpacked = (needsTensorflow ? libraries.unpacked : 0) + (neededCuda?.unpacked ?? 0);
  const compiler = await findCompiler(context, options.compiler);
  const pip = downloads.length > 0 ? await findPip(context) : undefined;
  requireAll(
    [
      checkSystem(),
      checkPackage(libraries.npmPackage, target),
      checkCompiler(compiler, options.compiler),
      ...(downloads.length > 0 ? [checkPip(pip)] : []),
      ...(wheel !== undefined && needsTensorflow ? [checkWheel(wheel)] : []),
      ...(nvidia === undefined ? [] : [checkCudaFolder(nvidia)]),
      ...(unpacked > 0 ? [await checkDisk(cache, unpacked + Math.max(0, ...downloads))] : []),
    ],
    context,
  );
  const total = downloads.reduce((sum, size) => sum + size, 0);
  if (unpacked > 0) context.say(`${total} MB to download, ${unpacked} MB to keep in ${cache}`);
  return {
    libraries,
    target: target!,
    cache,
    compiler: compiler!,
    ...(pip !== undefined && { pip }),
    ...(wheel !== undefined && { wheel }),
    ...(nvidia !== undefined && { nvidia }),
  };
}

function requireAll(checks: readonly Check[], { say }: Context): void {
  for (const { isMet, text } of checks) say(`${isMet ? '✓' : '✗'} ${text}`);
  const [first, ...others] = checks.filter(({ isMet }) => !isMet);
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` (and ${others.length} more, listed above)`;
  throw new PatchBertError('node-gpu/cannot-install', `nothing was changed: ${first.text}${more}`);
}
