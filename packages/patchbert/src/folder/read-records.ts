import { type ForecastReceipt, type HorizonResult, readForecastReceipt } from '@patchbert/forecast';
import { readJson, runFolderAt } from '@patchbert/train';

/** What a fit wrote beside the forecaster; a folder may have been handed on without it. */
export interface ForecastRecords {
  readonly results: readonly HorizonResult[];
  readonly receipt: ForecastReceipt | undefined;
}

/**
 * Reads test results and receipt.
 *
 * @throws PatchBertError `train/bad-run-folder` for a file that is not JSON, `forecast/bad-receipt`.
 */
export async function readRecords(folder: string): Promise<ForecastRecords> {
  const { evaluation } = runFolderAt(folder);
  return {
    results: nullsAsNaN((await readJson(evaluation)) ?? []) as readonly HorizonResult[],
    receipt: await readForecastReceipt(folder),
  };
}

/** JSON has no NaN: a score for which nothing was measured is null in the file. */
function nullsAsNaN(value: unknown): unknown {
  if (value === null) return Number.NaN;
  if (Array.isArray(value)) return value.map(nullsAsNaN);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, nullsAsNaN(inner)]));
}
