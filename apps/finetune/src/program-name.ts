/** What to type to start this program again; the launcher of the repository has another way. */
export const programName = process.env.PATCHBERT_PROGRAM ?? 'patchbert-finetune';
