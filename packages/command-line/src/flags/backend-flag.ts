import { defaultBackend } from '../backends/adapters.ts';

/** The flag `--backend` of a program, for `command.option(...backendFlag(program))`. */
export function backendFlag(program: string): [flags: string, description: string] {
  return [
    '--backend <name>',
    `see "${program} backends", or a module of your own: ./my-backend.mjs, a package (default: ${defaultBackend})`,
  ];
}
