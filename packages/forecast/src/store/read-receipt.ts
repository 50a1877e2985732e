import { PatchBertError, quote } from '@patchbert/errors';
import { readJson, runFolderAt } from '@patchbert/train';
import type { ForecastReceipt } from '../fit/receipt.ts';

/**
 * The receipt in the folder of a forecaster; undefined when there is none, for a forecaster works without.
 *
 * @throws PatchBertError `forecast/bad-receipt` for one of another kind, `train/bad-run-folder` for a file that is not JSON.
 * @example
 * const receipt = await readForecastReceipt('runs/load-forecast');
 */
export async function readForecastReceipt(folder: string): Promise<ForecastReceipt | undefined> {
  const { receipt: path } = runFolderAt(folder);
  const receipt = (await readJson(path)) as ForecastReceipt | null | undefined;
  if (receipt === undefined || receipt?.format === 'patchbert-forecast-receipt') return receipt;
  throw new PatchBertError(
    'forecast/bad-receipt',
    `forecast: "${path}" is of another kind (${quote(String(receipt?.format ?? 'unknown'))}); expected the receipt of a forecaster.`,
  );
}
