import { readFile } from 'node:fs/promises';
import { PatchBertError } from '@patchbert/errors';

/**
 * Reads the JSON file that a flag names.
 *
 * @throws PatchBertError `command-line/config` when it cannot be read or is no JSON.
 */
export async function readJsonFile(flag: string, path: string): Promise<unknown> {
  const text = await readText(flag, path);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new PatchBertError('command-line/config', `${path}: not JSON: ${(error as SyntaxError).message}`);
  }
}

async function readText(flag: string, path: string): Promise<string> {
  try {
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
