import { readFileSync } from 'node:fs';

/**
 * Version of the CUDA runtime that this process has loaded, such as `12`, or undefined where that does not show (outside Linux). The
 * system's list of mapped files has it in the name of the library.
 */
export function cudaVersion(): string | undefined {
  try {
    return /\/libcudart\.so\.(\d+(?:\.\d+)*)/.exec(readFileSync('/proc/self/maps', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
