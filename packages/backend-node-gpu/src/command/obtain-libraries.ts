import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import type { Context } from './context.ts';
import { downloadWheel } from './download-wheel.ts';
import type { FoundProgram } from './find-programs.ts';
import { findKept, keep } from './kept-libraries.ts';
import { type Libraries, TENSORFLOW_VERSION } from './libraries.ts';
import { type Files, unpackWheel } from './unpack-wheel.ts';
import {
  checkMetadata,
  checkTensorflowFiles,
  cudaFiles,
  cudaRequirements,
  METADATA,
  metadataFile,
  tensorflowFiles,
} from './wheel-contents.ts';

/** Where libraries come from. */
export interface Sources {
  readonly cache: string;
  /** Downloads what no file is named for. */
  readonly pip?: FoundProgram;
  /** A TensorFlow wheel that is there. */
  readonly wheel?: string;
}

/** Folder of TensorFlow in a cache. */
export function tensorflowName({ wheel }: Libraries): string {
  return `${wheel}-${TENSORFLOW_VERSION}`;
}

/** Folder of the CUDA libraries in a cache. */
export const cudaName = `cuda-for-tensorflow-${TENSORFLOW_VERSION}`;

/** The folder with TensorFlow's libraries and headers, which are downloaded and unpacked unless they are there. */
export async function obtainTensorflow(
  libraries: Libraries,
  sources: Sources,
  context: Context,
): Promise<string> {
  const name = tensorflowName(libraries);
  const kept = await findKept(sources.cache, name);
  if (kept !== undefined) return kept;
  return keep(sources.cache, name, async (folder) => {
    const wheel =
      sources.wheel ??
      (await fetchWheel(`${libraries.wheel}==${TENSORFLOW_VERSION}`, folder, sources, context));
    const metadata = await unpackWheel(wheel, metadataFile, folder, context);
    const text = await readFile(join(folder, METADATA), 'utf8').catch(() => '');
    checkMetadata(wheel, text, libraries.wheel);
    context.say(`unpacking ${libraries.unpacked} MB ...`);
    const files = await unpackWheel(wheel, tensorflowFiles, folder, context);
    checkTensorflowFiles(wheel, files);
    await removeDownloads(folder);
    return { ...metadata, ...files };
  });
}

/** The folder with the CUDA libraries that a TensorFlow asks for, which are downloaded and unpacked unless they are there. */
export async function obtainCuda(
  tensorflowFolder: string,
  sources: Sources,
  context: Context,
): Promise<string> {
  const kept = await findKept(sources.cache, cudaName);
  if (kept !== undefined) return kept;
  const requirements = cudaRequirements(await readFile(join(tensorflowFolder, METADATA), 'utf8'));
  return keep(sources.cache, cudaName, async (folder) => {
    let files: Files = {};
    for (const requirement of requirements) {
      const wheel = await fetchWheel(requirement, folder, sources, context);
      files = { ...files, ...(await unpackWheel(wheel, cudaFiles, folder, context)) };
      await removeDownloads(folder);
    }
    return files;
  });
}

async function fetchWheel(
  requirement: string,
  folder: string,
  { pip }: Sources,
  context: Context,
): Promise<string> {
  if (pip === undefined)
    throw new PatchBertError('node-gpu/no-pip', `there is no pip to download ${requirement}.`);
  context.say(`downloading ${requirement} ...`);
  return downloadWheel(requirement, folder, pip, context);
}

async function removeDownloads(folder: string): Promise<void> {
  for (const name of ['wheels', 'temporary']) await rm(join(folder, name), { recursive: true, force: true });
}
