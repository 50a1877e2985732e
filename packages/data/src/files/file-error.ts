import { PatchBertError } from '@patchbert/errors';

/** A file-system error in the words of this package; any other error as it is. */
export function fileError(where: string, path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const shown = JSON.stringify(path);
  switch (code) {
    case 'ENOENT':
      return new PatchBertError('data/missing-file', `${where}: there is no file ${shown}; check the path.`);
    case 'EISDIR':
      return notAFile(where, path);
    case 'EACCES':
    case 'EPERM':
      return new PatchBertError(
        'data/unreadable-file',
        `${where}: no permission to read ${shown} (${code}).`,
      );
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
    case 'ELOOP':
    case 'EIO':
    case 'ERR_INVALID_ARG_VALUE':
      return new PatchBertError('data/unreadable-file', `${where}: cannot read ${shown} (${code}).`);
    default:
      return error;
  }
}

export function notAFile(where: string, path: string): PatchBertError {
  return new PatchBertError(
    'data/not-a-file',
    `${where}: ${JSON.stringify(path)} is not a file; pass the path of the file itself.`,
  );
}
