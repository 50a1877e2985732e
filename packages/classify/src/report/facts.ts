import { tokenCount } from '@patchbert/series';
import type { ClassifyReceipt } from '../fit/receipt.ts';
import type { ClassifierFile } from '../store/classifier-file.ts';

/** What a reader needs to know of a fit to repeat its numbers. */
export function factsOf(
  receipt: ClassifyReceipt,
  { inputs: { model } }: ClassifierFile,
  environment: Readonly<Record<string, string>>,
): { label: string; value: string }[] {
  const { labelled, data, fitSeconds, selection } = receipt;
  const pooled = model.pooling === 1 ? '' : `, each the mean of ${model.pooling}`;
  return [
    { label: 'Encoder', value: encoderText(receipt) },
    {
      label: 'Labels',
      value:
        labelled === data.train.series
          ? 'all of them'
          : `${labelled} of ${data.train.series}, drawn by the seed`,
    },
    {
      label: 'Tokens',
      value: `${tokenCount(model)} patches of ${model.patchLength} points${pooled}, every ${model.patchStride}; channels ${model.channels}`,
    },
    { label: 'Scaling', value: scalings[model.normalise] },
    { label: 'Chosen on', value: `training series only: penalties by ${selection}` },
    { label: 'Pretraining', value: `${fitSeconds.pretraining.toFixed(1)} s` },
    { label: 'Adapting', value: `${fitSeconds.adapting.toFixed(1)} s` },
    { label: 'Seed', value: String(receipt.seed) },
    ...Object.entries(environment).map(([label, value]) => ({ label, value })),
  ];
}

const scalings: Readonly<Record<ClassifierFile['inputs']['model']['normalise'], string>> = {
  'train-set': 'mean and deviation of each channel over the training series',
  'per-series': 'mean and deviation of each series',
  none: 'none',
};

function encoderText({ encoder }: ClassifyReceipt): string {
  if ('checkpoint' in encoder) return encoder.checkpoint;
  return 'random' in encoder ? 'none: random weights' : 'pretrained on the training series, labels unseen';
}
