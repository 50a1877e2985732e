import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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
import { compileBinding } from './compile-binding.ts';
import type { Context } from './context.ts';
import { findPackage } from './find-package.ts';
import { type FoundProgram, findCompiler, findPip } from './find-programs.ts';
import { type Installation, readInstallation } from './installation.ts';
import { findKept } from './kept-libraries.ts';
import { cpuLibraries, gpuLibraries, type Libraries, TENSORFLOW_VERSION } from './libraries.ts';
import { cudaName, obtainCuda, obtainTensorflow, tensorflowName } from './obtain-libraries.ts';
import { placeBinding, removeBinding } from './place-binding.ts';
import { type Trial, tryBinding } from './try-binding.ts';

export interface InstallOptions {
  readonly cpu?: true;
  readonly cache?: string;
  readonly wheel?: string;
  readonly nvidia?: string;
  readonly compiler?: string;
}

/** Everything that was found out before anything is changed. */
interface Plan {
  readonly libraries: Libraries;
  readonly target: TensorflowPackage;
  readonly cache: string;
  readonly compiler: FoundProgram;
  readonly pip?: FoundProgram;
  readonly wheel?: string;
  readonly nvidia?: string;
}

/**
 * Installs TensorFlow's library and the native binding for it, unless they are there and work.
 *
 * @throws PatchBertError `node-gpu/...` with one line that says what is missing; then nothing is left half made.
 */
export async function install(options: InstallOptions, context: Context): Promise<void> {
  const libraries = options.cpu ? cpuLibraries : gpuLibraries;
  context.say(`TensorFlow ${TENSORFLOW_VERSION} for ${libraries.npmPackage}, on the ${libraries.device}`);
  if (await isInstalled(libraries, options, context)) return;
  const plan = await makePlan(libraries, options, context);
  const tensorflow = await obtainTensorflow(libraries, plan, context);
  const cuda =
    libraries.cuda === undefined ? undefined : (plan.nvidia ?? (await obtainCuda(tensorflow, plan, context)));
  const made = {
    built: builtFor(libraries, plan.target),
    tensorflow,
    ...(cuda !== undefined && { cuda }),
  };
  announce(await buildAndTry(plan, made, context), libraries, context);
}

async function isInstalled(
  libraries: Libraries,
  { cache, nvidia }: InstallOptions,
  context: Context,
): Promise<boolean> {
  const target = findPackage(libraries.npmPackage, context.project);
  const made = target && readInstallation(target.folder);
  if (target === undefined || made?.built !== builtFor(libraries, target)) return false;
  if (cache !== undefined && made.tensorflow !== join(cacheFolder(cache), tensorflowName(libraries)))
    return false;
  if (nvidia !== undefined && made.cuda !== resolve(nvidia)) return false;
  const trial = await tryBinding(target.folder, context);
  if (!trial.works) {
    context.say(`what is there does not work (${trial.reason}); building it anew`);
    return false;
  }
  context.say('it is there already and works; nothing to do');
  announce(trial, libraries, context);
  return true;
}

function builtFor({ wheel }: Libraries, { name, version }: TensorflowPackage): string {
  return `${wheel}-${TENSORFLOW_VERSION} ${name}@${version}`;
}

async function makePlan(libraries: Libraries, options: InstallOptions, context: Context): Promise<Plan> {
  const cache = cacheFolder(options.cache);
  const target = findPackage(libraries.npmPackage, context.project);
  const wheel = options.wheel === undefined ? undefined : resolve(options.wheel);
  const nvidia = options.nvidia === undefined ? undefined : resolve(options.nvidia);
  const needsTensorflow = (await findKept(cache, tensorflowName(libraries))) === undefined;
  const needsCuda =
    libraries.cuda !== undefined && nvidia === undefined && (await findKept(cache, cudaName)) === undefined;
  const download = [
    ...(needsTensorflow && wheel === undefined ? [libraries.download] : []),
    ...(needsCuda ? [libraries.cuda!.download] : []),
  ];
  const unpacked = (needsTensorflow ? libraries.unpacked : 0) + (needsCuda ? libraries.cuda!.unpacked : 0);
  const compiler = await findCompiler(context, options.compiler);
  const pip = download.length > 0 ? await findPip(context) : undefined;
  const room = unpacked + Math.max(0, ...download);
  requireAll(
    [
      checkSystem(),
      checkPackage(libraries.npmPackage, target),
      checkCompiler(compiler, options.compiler),
      ...(download.length > 0 ? [checkPip(pip)] : []),
      ...(wheel !== undefined && needsTensorflow ? [checkWheel(wheel)] : []),
      ...(nvidia === undefined ? [] : [checkCudaFolder(nvidia)]),
      ...(room > 0 ? [await checkDisk(cache, room)] : []),
    ],
    context,
  );
  context.say(
    download.length > 0
      ? `to download with pip: ${download.reduce((total, each) => total + each, 0)} MB, of which ${unpacked} MB unpacked stay in ${cache}`
      : 'nothing to download',
  );
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
  const more = others.length === 0 ? '' : ` (and ${others.length} more, above)`;
  throw new PatchBertError('node-gpu/cannot-install', `nothing was changed: ${first.text}${more}`);
}

async function buildAndTry(
  plan: Plan,
  made: Installation,
  context: Context,
): Promise<Trial & { works: true }> {
  const { target, compiler } = plan;
  const aside = await mkdtemp(join(tmpdir(), 'patchbert-node-gpu-'));
  let isTried = false;
  try {
    context.say(`building the native binding with ${compiler.title} ...`);
    const binding = join(aside, 'tfjs_binding.node');
    await compileBinding(target.folder, made.tensorflow, binding, compiler, context);
    placeBinding(target.folder, made, binding);
    context.say('trying it ...');
    const trial = await tryBinding(target.folder, context);
    if (!trial.works) {
      throw new PatchBertError(
        'node-gpu/does-not-work',
        `the binding was built but does not work: ${trial.reason}`,
      );
    }
    isTried = true;
    return trial;
  } finally {
    if (!isTried) removeBinding(target.folder);
    await rm(aside, { recursive: true, force: true });
  }
}

function announce(trial: Trial & { works: true }, { device }: Libraries, { say }: Context): void {
  say(`TensorFlow ${trial.tensorflow} computes on the ${trial.device}, product and gradient are right`);
  if (device === trial.device) {
    say(`backend: tfjs-node-${device.toLowerCase()}; undo with "npx patchbert-node-gpu uninstall"`);
    return;
  }
  if (device === 'GPU') {
    say(
      'it is installed, but TensorFlow found no CUDA device here, and the backend tfjs-node-gpu refuses without one:',
    );
    for (const complaint of trial.complaints) say(`  ${complaint}`);
  }
}
