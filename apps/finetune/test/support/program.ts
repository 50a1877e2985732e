import { realProgram } from '../../../../tests/support/real-program.ts';

export { csv, type Ended, folderWith } from '../../../../tests/support/real-program.ts';
export const { buildProgram, run, start } = realProgram('finetune');
