import { choice, wholeNumber } from '@patchbert/command-line';
import { type EmbeddingFormat, type EmbeddingOptions, embeddingFormats } from '@patchbert/embed';
import type { Command } from 'commander';
import { addMachineFlags, type MachineFlags } from './machine-flags.ts';
import { addInputFlags, type InputFlags, poolingFlag } from './model-flags.ts';

/** Values of `patchbert-finetune embed` as they were typed; absent flags are undefined. */
export interface EmbedFlags extends InputFlags, Omit<MachineFlags, 'json'>, EmbeddingOptions {
  readonly horizon?: number;
  readonly batchSize?: number;
  readonly format?: EmbeddingFormat;
  readonly output?: string;
}

/** Flags that mean nothing to a model of whole series. */
export const recordingFlags = [
  'level',
  'pooling',
  'acrossChannels',
  'stride',
  'horizon',
  'batchSize',
] as const satisfies readonly (keyof EmbedFlags)[];

/** Adds the flags of `EmbedFlags`. */
export function addEmbedFlags(command: Command): Command {
  addInputFlags(
    command,
    'a run of patchbert-pretrain or one of its checkpoints, or the folder of a forecaster, classifier or regressor',
  )
    .optionsGroup('Windows of long recordings:')
    .addOption(
      choice('--level <what>', 'what gets a vector: each patch, channel or window (default: series)', [
        'patch',
        'series',
        'window',
      ]),
    )
    .addOption(poolingFlag())
    .addOption(
      choice('--across-channels <how>', 'level window: how channels become one vector (default: mean)', [
        'mean',
        'concatenate',
      ]),
    )
    .option(
      '--stride <rows>',
      'rows from window to window (default: the context length, so that they touch)',
      wholeNumber(1),
    )
    .option(
      '--horizon <points>',
      'the encoder of which horizon of a forecaster (default: the longest)',
      wholeNumber(1),
    )
    .option(
      '--batch-size <series>',
      'windows of one channel at a time (default: 32); changes no vector',
      wholeNumber(1),
    )
    .optionsGroup('Embedding:')
    .addOption(
      choice(
        '--format <name>',
        'what to write; json has an object per line (default: by the name of the file, else csv)',
        embeddingFormats,
      ),
    )
    .option(
      '--output <file>',
      'a new file, or - (default: standard output); .safetensors, .parquet, .jsonl or .csv say its format',
    );
  addMachineFlags(command);
  return command;
}
