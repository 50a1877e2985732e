import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PatchBertError, parseConfig, quote } from '@patchbert/errors';
import { fileSource, openSafetensors, type SafeTensor } from '@patchbert/safetensors';
import { type InsideOptions, pathInside, readInside } from '@patchbert/train';
import { z } from 'zod';
import { folderError, JSON_FILE, parseJson } from './folder-error.ts';

const WHOLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const PICKLES = /\.(bin|pt|pth|ckpt|pkl|pickle)$/;
/** Links are followed: Hugging Face's cache consists of them. */
const WEIGHTS_FILE: InsideOptions = { largest: Number.MAX_SAFE_INTEGER, mayLinkOutside: true };
const SHARD_NAME = /^[\w][\w.-]*\.safetensors$/;

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * The tensors of a model folder: `model.safetensors`, or the shards that `model.safetensors.index.json` names. A pickle is never
 * opened: reading one runs whatever code is in it.
 *
 * @throws PatchBertError `patchtst/no-weights`, `patchtst/bad-shards`, and those of `readSafetensors` with the file's name.
 */
export async function readWeightFiles(folder: string): Promise<ReadonlyMap<string, SafeTensor>> {
  const names = await readdir(folder);
  if (names.includes(WHOLE)) return readTensorFile(folder, WHOLE);
  if (names.includes(INDEX)) return readShards(folder);
  const pickle = names.find((name) => PICKLES.test(name));
  throw new PatchBertError(
    'patchtst/no-weights',
    pickle === undefined
      ? `importPatchTST: "${folder}" has neither ${WHOLE} nor ${INDEX}. Is it the folder that save_pretrained wrote?`
      : `importPatchTST: "${folder}" has weights in "${pickle}" alone, a pickle, which can run code and is never read. Convert it where ` +
          `you trust it: load it with from_pretrained in Python and save_pretrained it, which writes ${WHOLE}.`,
  );
}

async function readShards(folder: string): Promise<ReadonlyMap<string, SafeTensor>> {
  const path = join(folder, INDEX);
  const bytes = await readInside(folder, INDEX, JSON_FILE).catch((error) => {
    throw folderError(path, error);
  });
  const json = parseJson(path, new TextDecoder().decode(bytes));
  const { weight_map: shardOf } = parseConfig(indexSchema, json, path);
  const shards = [...new Set(Object.values(shardOf))].sort();
  // A name is a name in this folder: no "..", no separators, nothing absolute.
  const outside = shards.find((shard) => !SHARD_NAME.test(shard));
  if (outside !== undefined) {
    throw badShards(
      path,
      `it names ${quote(outside)}, which is not the name of a .safetensors file in this folder`,
    );
  }
  const tensors = new Map<string, SafeTensor>();
  for (const shard of shards) {
    for (const [name, tensor] of await readTensorFile(folder, shard)) {
      if (!Object.hasOwn(shardOf, name) || shardOf[name] !== shard) {
        throw badShards(path, `"${shard}" holds ${quote(name)}, which the index does not place there`);
      }
      tensors.set(name, tensor);
    }
  }
  const absent = Object.keys(shardOf).find((name) => !tensors.has(name));
  if (absent !== undefined) throw badShards(path, `"${shardOf[absent]}" lacks ${quote(absent)}`);
  return tensors;
}

/** Reads tensor by tensor, so that a file may be larger than Node reads at once; what is no weights is not read at all. */
async function readTensorFile(folder: string, name: string): Promise<ReadonlyMap<string, SafeTensor>> {
  const path = join(folder, name);
  let file: FileHandle;
  try {
    file = await open(await pathInside(folder, name, WEIGHTS_FILE));
  } catch (error) {
    throw folderError(path, error);
  }
  try {
    const { tensors, read } = await openSafetensors(await fileSource(file));
    const entries = new Map<string, SafeTensor>();
    for (const tensor of tensors.keys()) entries.set(tensor, await read(tensor));
    return entries;
  } catch (error) {
    if (!(error instanceof PatchBertError)) throw error;
    throw new PatchBertError(error.code, `"${path}": ${error.message}`, { cause: error });
  } finally {
    await file.close();
  }
}

function badShards(path: string, what: string): PatchBertError {
  return new PatchBertError('patchtst/bad-shards', `importPatchTST: "${path}" cannot be used: ${what}.`);
}
