import { PatchBertError } from '@patchbert/errors';

/** What the file system said about a path, in words. */
export function folderError(path: string, error: unknown): PatchBertError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return new PatchBertError(
    'patchtst/bad-folder',
    code === 'ENOENT'
      ? `importPatchTST: there is no "${path}"; expected the folder that save_pretrained wrote, with config.json and model.safetensors.`
      : `importPatchTST: "${path}" cannot be read (${code}).`,
    { cause: error },
  );
}

/** @throws PatchBertError `patchtst/bad-folder` for text that is not JSON. */
export function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PatchBertError(
      'patchtst/bad-folder',
      `importPatchTST: "${path}" is not JSON; the file is damaged.`,
      { cause },
    );
  }
}
