import { PatchBertError } from '@patchbert/errors';
import { exitCodes } from './exit-codes.ts';

/** A command line that cannot be meant: prints like any error, exits with code 2. */
export function usageError(message: string): PatchBertError {
  return new PatchBertError('command-line/usage', message);
}

/** The line for the user and the exit code for an error of any kind. */
export function describeError(error: unknown): { readonly line: string; readonly exitCode: number } {
  if (error instanceof PatchBertError) {
    return { line: `error: ${forUsers(error.message)}`, exitCode: exitCodeOf(error.code) };
  }
  if (isSystemError(error)) return { line: `error: ${systemErrorText(error)}`, exitCode: exitCodes.failed };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { line: `error: this should not happen, please report it: ${detail}`, exitCode: exitCodes.failed };
}

function exitCodeOf(code: string): number {
  if (code === 'command-line/usage') return exitCodes.usage;
  return code === 'train/diverged' ? exitCodes.diverged : exitCodes.failed;
}

/** Messages begin with the function that threw, which helps programmers only. */
function forUsers(message: string): string {
  return message
    .replace(/^[a-z]+(?:[A-Z][a-z]*)*(?:\("[^"]*"\))?: /, '')
    .split('\n')
    .map((part) => part.trim())
    .join(' ');
}

interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}

function systemErrorText({ code, syscall, path, message }: SystemError): string {
  const what = systemErrorTexts[code] ?? message;
  return path === undefined ? `${what} (${code}, ${syscall}).` : `"${path}": ${what} (${code}, ${syscall}).`;
}

const systemErrorTexts: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or directory',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'not a folder',
  EROFS: 'the file system is read-only',
};
