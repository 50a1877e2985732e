import { readJson, runFolderAt } from '@patchbert/train';

/**
 * The test results that a fit wrote beside its model; none when the folder was handed on without them.
 *
 * @throws PatchBertError `train/bad-run-folder` for a file that is not JSON.
 */
export async function readResults<Result>(folder: string): Promise<readonly Result[]> {
  const { evaluation } = runFolderAt(folder);
  return nullsAsNaN((await readJson(evaluation)) ?? []) as readonly Result[];
}

/** JSON has no NaN: a score for which nothing was measured is null in the file. */
function nullsAsNaN(value: unknown): unknown {
  if (value === null) return Number.NaN;
  if (Array.isArray(value)) return value.map(nullsAsNaN);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, nullsAsNaN(inner)]));
}
