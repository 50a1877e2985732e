import { type ClassifyReceipt, readClassifyReceipt } from '@patchbert/classify';
import { PatchBertError } from '@patchbert/errors';
import { type ForecastReceipt, readForecastReceipt } from '@patchbert/forecast';
import { isSeriesModel } from '../series/model-kind.ts';

/**
 * The receipt of a model.
 *
 * @throws PatchBertError `finetune/no-receipt` for a folder without one.
 */
export async function readReceipt(folder: string): Promise<ForecastReceipt | ClassifyReceipt> {
  const receipt = (await isSeriesModel(folder))
    ? await readClassifyReceipt(folder)
    : await readForecastReceipt(folder);
  if (receipt !== undefined) return receipt;
  throw new PatchBertError(
    'finetune/no-receipt',
    `--model "${folder}": it holds no receipt.json; expected the folder that "patchbert-finetune forecast", "classify" or "regress" wrote.`,
  );
}
