export type { Streams } from '@patchbert/command-line';
export { runCli } from './cli.ts';
