import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import type { ForecastReceipt } from '@patchbert/forecast';

/**
 * The receipt of a forecaster.
 *
 * @throws PatchBertError `finetune/no-receipt` for a folder without one.
 */
export async function readReceipt(folder: string): Promise<ForecastReceipt> {
  const path = join(folder, 'receipt.json');
  const text = await readFile(path, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    throw noReceipt(
      folder,
      code === 'ENOENT' ? 'it holds no receipt.json' : `receipt.json cannot be read (${code})`,
    );
  });
  const receipt = parsed(folder, text) as ForecastReceipt | null;
  if (receipt?.format === 'patchbert-forecast-receipt') return receipt;
  throw noReceipt(folder, `its receipt is of another kind (${JSON.stringify(receipt?.format ?? 'unknown')})`);
}

function parsed(folder: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw noReceipt(folder, 'its receipt.json is not JSON');
  }
}

function noReceipt(folder: string, reason: string): PatchBertError {
  return new PatchBertError(
    'finetune/no-receipt',
    `--model "${folder}": ${reason}; expected the folder that "patchbert-finetune forecast" wrote.`,
  );
}
