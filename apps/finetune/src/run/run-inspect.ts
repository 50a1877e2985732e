import type { TextOutput } from '@patchbert/command-line';
import { required } from '../commands/required.ts';
import type { InspectFlags } from '../flags/model-flags.ts';
import { receiptText } from '../output/receipt-text.ts';
import { readReceipt } from './read-receipt.ts';
import { modelAdvice } from './with-forecaster.ts';

/** `patchbert-finetune inspect`: the receipt of a forecaster in words. */
export async function runInspect(flags: InspectFlags, stdout: TextOutput): Promise<void> {
  const receipt = await readReceipt(required(flags, 'model', modelAdvice));
  stdout.write(flags.json ? `${JSON.stringify(receipt, null, 2)}\n` : `${receiptText(receipt)}\n`);
}
