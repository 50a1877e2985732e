import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import type { HostTensor } from '@patchbert/ops';
import { type WritableTensor, writeSafetensors } from '@patchbert/safetensors';
import { ASIDE_PREFIX, makeFolder, replaceFile, sha256, syncFolder } from '@patchbert/train';
import type { PatchTSTModel } from '../model/patchtst-model.ts';
import { tensorNames } from './tensor-names.ts';
import { huggingFaceConfigText } from './write-config.ts';

/**
 * Writes a model as a folder that Hugging Face's `from_pretrained` loads: `config.json` and `model.safetensors`. Both are written to a
 * folder aside, which is then renamed, so the folder is complete whenever it is there. After an import, the tensors are the same bytes.
 *
 * @param folder a new one, or an empty one.
 * @throws PatchBertError `patchtst/folder-exists`, `patchtst/bad-model` when a tensor is missing, misshapen or not finite,
 * `patchtst/not-written` when the disk refuses.
 * @example
 * await exportPatchTST({ ...model, parameters: await program.readState(Object.keys(model.parameters)) }, 'fine-tuned');
 */
export async function exportPatchTST(model: PatchTSTModel, folder: string): Promise<void> {
  const target = resolve(folder);
  const config = huggingFaceConfigText(model);
  // Python's loader asks for this line of metadata.
  const weights = writeSafetensors(theirTensors(model), { format: 'pt' });
  await refuseFilled(folder, target);
  const aside = join(
    dirname(target),
    `${ASIDE_PREFIX}${basename(target)}-${process.pid}-${sha256(target).slice(0, 8)}`,
  );
  try {
    await makeFolder(dirname(target));
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside);
    await replaceFile(join(aside, 'model.safetensors'), weights);
    await replaceFile(join(aside, 'config.json'), config);
    await rename(aside, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await rm(aside, { recursive: true, force: true }).catch(() => {});
    throw new PatchBertError(
      'patchtst/not-written',
      `exportPatchTST: "${folder}" could not be written: ${error instanceof Error ? error.message : String(error)}.`,
      { cause: error },
    );
  }
}

async function refuseFilled(folder: string, target: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    names = [code ?? 'unknown error'];
  }
  if (names.length === 0) return;
  throw new PatchBertError(
    'patchtst/folder-exists',
    `exportPatchTST: "${folder}" is there already (${names[0]}) and is not overwritten; name a new folder.`,
  );
}

function theirTensors({ config, parameters }: PatchTSTModel): [string, WritableTensor][] {
  return tensorNames(config).map(({ name, theirs, theirShape, spec }) => {
    const tensor = parameters[name];
    if (tensor === undefined) throw badModel(`there is no "${name}"`);
    if (tensor.dtype !== spec.dtype || tensor.shape.join() !== spec.shape.join()) {
      throw badModel(
        `"${name}" is ${tensor.dtype} [${tensor.shape.join(', ')}]; expected ${spec.dtype} [${spec.shape.join(', ')}]`,
      );
    }
    const at = tensor.data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw badModel(`"${name}" holds ${tensor.data[at]} at ${at}`);
    return [theirs, { shape: theirShape, data: theirData(tensor) }];
  });
}

/** Counts are 64-bit integers there. */
function theirData({ data }: HostTensor): Float32Array | BigInt64Array {
  return data instanceof Int32Array ? BigInt64Array.from(data, BigInt) : data;
}

function badModel(what: string): PatchBertError {
  return new PatchBertError('patchtst/bad-model', `exportPatchTST: the model cannot be written: ${what}.`);
}
