import { readFile, stat } from 'node:fs/promises';
import { PatchBertError, parseJson } from '@patchbert/errors';

/** Far above every configuration; a larger file is another one. */
const LARGEST = 64 * 2 ** 20;

/**
 * Reads the JSON file that a flag names.
 *
 * @throws PatchBertError `command-line/config` when it cannot be read, is no JSON, or names a key twice.
 */
export async function readJsonFile(flag: string, path: string): Promise<unknown> {
  const text = await readText(flag, path);
  return parseJson(
    text.replace(/^\uFEFF/, ''),
    (problem) => new PatchBertError('command-line/config', `${flag} "${path}" ${problem}.`),
  );
}

async function readText(flag: string, path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST) throw Object.assign(new Error(), { code: `it has ${size} bytes` });
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : `${code}`;
    throw new PatchBertError(
      'command-line/config',
      `${flag} "${path}" cannot be read: ${reason}; expected a JSON file.`,
    );
  }
}
