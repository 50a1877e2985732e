import { existsSync, readFileSync } from 'node:fs';
import { versions } from 'node:process';
import { findBinding } from '../engine/tensorflow-package.ts';
import { cacheFolder } from './cache-folder.ts';
import { checkPackage, checkSystem } from './checks.ts';
import type { Context } from './context.ts';
import { findPackage } from './find-package.ts';
import { findCompiler, findPip } from './find-programs.ts';
import { readInstallation } from './installation.ts';
import { listKept } from './kept-libraries.ts';
import { cpuLibraries, gpuLibraries, type Libraries } from './libraries.ts';
import { tryBinding } from './try-binding.ts';

/** Says what is there and what is missing; true when a backend of this package runs. */
export async function status(options: { readonly cache?: string }, context: Context): Promise<boolean> {
  const { say } = context;
  const cache = cacheFolder(options.cache);
  const kept = await listKept(cache);
  say(`system         ${checkSystem().text}, Node ${versions.node}`);
  say(
    `compiler       ${(await findCompiler(context))?.title ?? 'none found; install one: "apt-get install g++"'}`,
  );
  say(
    `pip            ${(await findPip(context))?.title ?? 'none found; install it: "apt-get install python3-pip"'}`,
  );
  say(`NVIDIA driver  ${nvidiaDriver() ?? 'none found; TensorFlow needs it for a GPU'}`);
  say(`cache          ${cache}: ${kept.length === 0 ? 'empty' : kept.join(', ')}`);
  const gpu = await showBackend(gpuLibraries, context);
  const cpu = await showBackend(cpuLibraries, context);
  return gpu || cpu;
}

async function showBackend(libraries: Libraries, context: Context): Promise<boolean> {
  const { npmPackage, device } = libraries;
  const name = `tfjs-node-${device.toLowerCase()}`.padEnd(14);
  const install = `npx patchbert-node-gpu install${device === 'CPU' ? ' --cpu' : ''}`;
  const found = findPackage(npmPackage, context.project);
  const no = (text: string, ...details: readonly string[]) => {
    for (const line of [`${name} ✗ ${text}`, ...details.map((detail) => `  ${detail}`)]) context.say(line);
    return false;
  };
  if (found === undefined) return no(checkPackage(npmPackage, found).text);
  if (findBinding(found.folder) === undefined) {
    return no(`${npmPackage} ${found.version} has no native binding; run "${install}".`);
  }
  const trial = await tryBinding(found.folder, context);
  if (!trial.works) return no(`the native binding does not work (${trial.reason}); run "${install}".`);
  if (device === 'GPU' && trial.device === 'CPU') {
    return no(
      `TensorFlow ${trial.tensorflow} found no CUDA device and fell back to the CPU.`,
      ...trial.complaints,
    );
  }
  if (device === 'CPU' && trial.device === 'GPU') {
    return no('TensorFlow computes on the GPU; choose tfjs-node-gpu, or set CUDA_VISIBLE_DEVICES=-1.');
  }
  const made = readInstallation(found.folder);
  const origin = made === undefined ? 'not made by this command' : `libraries in ${made.tensorflow}`;
  context.say(
    `${name} ✓ TensorFlow ${trial.tensorflow} on the ${trial.device}, ${npmPackage} ${found.version}, ${origin}`,
  );
  return true;
}

/** What the system says of the NVIDIA driver: its version on Linux, or that of Windows below it. */
function nvidiaDriver(): string | undefined {
  try {
    const text = readFileSync('/proc/driver/nvidia/version', 'utf8');
    return /Kernel Module(?: for \S+)?\s+(\d+\.[\d.]+)/.exec(text)?.[1] ?? text.split('\n')[0];
  } catch {
    return existsSync('/dev/dxg') ? 'that of Windows (WSL)' : undefined;
  }
}
