import { realProgram } from '../../../../tests/support/real-program.ts';

export { csv, folderWith } from '../../../../tests/support/real-program.ts';
export const { buildProgram, run, start } = realProgram('pretrain');

/** Flags of a run of about a second. */
export const quick = [
  '--preset',
  'tiny',
  '--context-length',
  '48',
  '--patch-length',
  '8',
  '--batch-size',
  '8',
];
