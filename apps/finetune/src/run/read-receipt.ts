import { PatchBertError } from '@patchbert/errors';
import { type ForecastReceipt, readForecastReceipt } from '@patchbert/forecast';

/**
 * The receipt of a forecaster.
 *
 * @throws PatchBertError `finetune/no-receipt` for a folder without one.
 */
export async function readReceipt(folder: string): Promise<ForecastReceipt> {
  const receipt = await readForecastReceipt(folder);
  if (receipt !== undefined) return receipt;
  throw new PatchBertError(
    'finetune/no-receipt',
    `--model "${folder}": it holds no receipt.json; expected the folder that "patchbert-finetune forecast" wrote.`,
  );
}
