import type { SafeTensor } from '@patchbert/safetensors';
import type { PatchTSTModel } from '../model/patchtst-model.ts';
import { type ReadConfigOptions, readHuggingFaceConfig } from './read-config.ts';
import { readHuggingFaceTensors } from './read-tensors.ts';

/** A model that was read, and what its reader should tell the user. */
export interface ImportedPatchTST extends PatchTSTModel {
  /** Such as weights that were converted from half precision. */
  readonly warnings: readonly string[];
}

/** What a model folder holds, in memory. */
export interface HuggingFaceFiles {
  /** `config.json`, parsed. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The tensors of `model.safetensors`, from `readSafetensors`. */
  readonly tensors: ReadonlyMap<string, SafeTensor>;
}

/**
 * A model of Hugging Face's PatchTST from what its folder holds, strictly: see `importPatchTST`, which reads the folder.
 *
 * @throws PatchBertError as `importPatchTST`.
 * @example
 * const model = readPatchTST({ config: JSON.parse(text), tensors: readSafetensors(bytes).tensors });
 */
export function readPatchTST(files: HuggingFaceFiles, options: ReadConfigOptions = {}): ImportedPatchTST {
  const { config, warnings } = readHuggingFaceConfig(files.config, 'config.json', options);
  const read = readHuggingFaceTensors(config, files.tensors, 'weights');
  return {
    config,
    parameters: read.parameters,
    huggingFace: files.config,
    warnings: [...warnings, ...read.warnings],
  };
}
