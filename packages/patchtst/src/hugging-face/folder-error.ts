import { PatchBertError, parseJson as parseStrictly } from '@patchbert/errors';
import { type InsideOptions, LARGEST_JSON } from '@patchbert/train';

/** How a JSON file of a folder is read. Hugging Face's cache consists of links, so links may lead outside. */
export const JSON_FILE: InsideOptions = { largest: LARGEST_JSON, mayLinkOutside: true };

/** What the file system said about a path, in words. */
export function folderError(path: string, error: unknown): PatchBertError {
  if (error instanceof PatchBertError) {
    return new PatchBertError('patchtst/bad-folder', `importPatchTST: "${path}": ${error.message}`, {
      cause: error,
    });
  }
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
  return parseStrictly(
    text,
    (problem) =>
      new PatchBertError('patchtst/bad-folder', `importPatchTST: "${path}" ${problem}; the file is damaged.`),
  );
}
