import { join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import { readInside } from '@patchbert/train';
import { folderError, JSON_FILE, parseJson } from './folder-error.ts';
import type { ReadConfigOptions } from './read-config.ts';
import { readHuggingFaceConfig } from './read-config.ts';
import type { ImportedPatchTST } from './read-patchtst.ts';
import { readHuggingFaceTensors } from './read-tensors.ts';
import { readWeightFiles } from './weight-files.ts';

const CONFIG = 'config.json';

/**
 * Reads a model folder of Hugging Face's PatchTST, as `save_pretrained` writes it: `config.json` with `model.safetensors`, or with shards
 * and their index. PatchTSTForPretraining, PatchTSTForPrediction, PatchTSTForClassification, PatchTSTForRegression and PatchTSTModel
 * are read; all tensors must be there, none beside them, each of its shape. Half precision becomes float32, and a warning says so.
 *
 * @throws PatchBertError `patchtst/bad-folder`, `patchtst/wrong-model`, `patchtst/unsupported-config` (every key, with why),
 * `patchtst/no-weights` (pickles are never read), `patchtst/bad-shards`, `patchtst/tensors-differ` (missing, unknown, misshapen),
 * `patchtst/bad-weights`, `config/invalid`, and those of `readSafetensors`.
 * @example
 * const model = await importPatchTST('granite-timeseries-patchtst');
 * for (const warning of model.warnings) console.warn(warning);
 */
export async function importPatchTST(
  folder: string,
  options: ReadConfigOptions = {},
): Promise<ImportedPatchTST> {
  const path = join(folder, CONFIG);
  const json = await readConfigFile(folder, path);
  const { config, warnings } = readHuggingFaceConfig(json, path, options);
  const tensors = await readWeightFiles(folder);
  const read = readHuggingFaceTensors(config, tensors, folder);
  return {
    config,
    parameters: read.parameters,
    huggingFace: json,
    warnings: [...warnings, ...read.warnings],
  };
}

async function readConfigFile(folder: string, path: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = new TextDecoder().decode(await readInside(folder, CONFIG, JSON_FILE));
  } catch (error) {
    throw folderError(path, error);
  }
  const json = parseJson(path, text);
  if (typeof json === 'object' && json !== null && !Array.isArray(json))
    return json as Record<string, unknown>;
  throw new PatchBertError(
    'patchtst/bad-folder',
    `importPatchTST: "${path}" holds no object of keys and values.`,
  );
}
