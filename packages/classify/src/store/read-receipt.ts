import { PatchBertError, quote } from '@patchbert/errors';
import { readJson, runFolderAt } from '@patchbert/train';
import type { ClassifyReceipt } from '../fit/receipt.ts';

/**
 * The receipt in the folder of a classifier or regressor; undefined when there is none, for a model works without.
 *
 * @throws PatchBertError `classify/bad-receipt` for one of another kind, `train/bad-run-folder` for a file that is not JSON.
 * @example
 * const receipt = await readClassifyReceipt('runs/vowels');
 */
export async function readClassifyReceipt(folder: string): Promise<ClassifyReceipt | undefined> {
  const { receipt: path } = runFolderAt(folder);
  const receipt = (await readJson(path)) as ClassifyReceipt | null | undefined;
  if (receipt === undefined || receipt?.format === 'patchbert-classify-receipt') return receipt;
  throw new PatchBertError(
    'classify/bad-receipt',
    `readClassifyReceipt: "${path}" is of another kind (${quote(String(receipt?.format ?? 'unknown'))}); expected the receipt of a classifier or regressor.`,
  );
}
