import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import type { TensorflowPackage } from '../engine/tensorflow-package.ts';
import { cacheFolder } from './cache-folder.ts';
import { compileBinding } from './compile-binding.ts';
import type { Context } from './context.ts';
import { findPackage } from './find-package.ts';
import { type InstallOptions, makePlan, type Plan } from './install-plan.ts';
import { type Installation, readInstallation } from './installation.ts';
import { cpuLibraries, gpuLibraries, type Libraries, TENSORFLOW_VERSION } from './libraries.ts';
import { obtainCuda, obtainTensorflow, tensorflowName } from './obtain-libraries.ts';
import { placeBinding, removeBinding } from './place-binding.ts';
import { type Trial, tryBinding, type WorkingTrial } from './try-binding.ts';

/**
 * Installs TensorFlow's library and the native binding for it, unless they are there and work.
 *
 * @throws PatchBertError `node-gpu/...` with one line that says what is missing; then nothing is left half made.
 */
export async function install(options: InstallOptions, context: Context): Promise<void> {
  const libraries = options.cpu ? cpuLibraries : gpuLibraries;
  context.say(`TensorFlow ${TENSORFLOW_VERSION} for ${libraries.npmPackage}, on the ${libraries.device}`);
  const present = await tryPresent(libraries, options, context);
  if (present?.works) {
    context.say('it is there and works; nothing to do');
    announce(present, libraries, context);
    return;
  }
  if (present !== undefined) {
    context.say(`what is there does not work (${present.reason}); building it anew`);
  }
  const plan = await makePlan(libraries, options, context);
  const tensorflow = await obtainTensorflow(libraries, plan, context);
  const cuda =
    libraries.cuda === undefined ? undefined : (plan.nvidia ?? (await obtainCuda(tensorflow, plan, context)));
  const made: Installation = {
    built: builtFor(libraries, plan.target),
    tensorflow,
    ...(cuda !== undefined && { cuda }),
  };
  announce(await buildAndTry(plan, made, context), libraries, context);
}

/** Tries the installation that is there, if there is one as asked for. */
async function tryPresent(
  libraries: Libraries,
  { cache, nvidia }: InstallOptions,
  context: Context,
): Promise<Trial | undefined> {
  const target = findPackage(libraries.npmPackage, context.project);
  const made = target && readInstallation(target.folder);
  if (target === undefined || made?.built !== builtFor(libraries, target)) return undefined;
  if (cache !== undefined && made.tensorflow !== join(cacheFolder(cache), tensorflowName(libraries)))
    return undefined;
  if (nvidia !== undefined && made.cuda !== resolve(nvidia)) return undefined;
  return tryBinding(target.folder, context);
}

function builtFor({ wheel }: Libraries, { name, version }: TensorflowPackage): string {
  return `${wheel}-${TENSORFLOW_VERSION} ${name}@${version}`;
}

/** Builds the binding aside, puts it in place and tries it; one that does not work is taken away again. */
async function buildAndTry(
  { target, compiler }: Plan,
  made: Installation,
  context: Context,
): Promise<WorkingTrial> {
  const aside = await mkdtemp(join(tmpdir(), 'patchbert-node-gpu-'));
  let isUntried = false;
  try {
    context.say(`building the native binding with ${compiler.title} ...`);
    const binding = join(aside, 'tfjs_binding.node');
    await compileBinding(target.folder, made.tensorflow, binding, compiler, context);
    isUntried = true;
    placeBinding(target.folder, made, binding);
    context.say('trying it ...');
    const trial = await tryBinding(target.folder, context);
    if (!trial.works) {
      throw new PatchBertError(
        'node-gpu/does-not-work',
        `the native binding was built but does not work: ${trial.reason}`,
      );
    }
    isUntried = false;
    return trial;
  } finally {
    if (isUntried) removeBinding(target.folder);
    await rm(aside, { recursive: true, force: true });
  }
}

function announce(trial: WorkingTrial, { device }: Libraries, { say }: Context): void {
  say(`TensorFlow ${trial.tensorflow} computes on the ${trial.device}; product and gradient are right`);
  if (device === trial.device) {
    say(`backend: tfjs-node-${device.toLowerCase()}; undo with "npx patchbert-node-gpu uninstall"`);
  } else if (device === 'GPU') {
    say('there is no CUDA device for TensorFlow here, and the backend tfjs-node-gpu refuses without one:');
    for (const complaint of trial.complaints) say(`  ${complaint}`);
  }
}
