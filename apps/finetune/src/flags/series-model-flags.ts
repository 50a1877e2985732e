import {
  addSeriesFlags,
  choice,
  commaSeparated,
  numberBetween,
  positiveNumber,
  type SeriesFlags,
  wholeNumber,
} from '@patchbert/command-line';
import { type Command, Option } from 'commander';
import { addMachineFlags, type MachineFlags } from './machine-flags.ts';

/** What is classified when nothing else is asked for: the set that comes with the program. */
export const defaultSeries = 'JapaneseVowels';

const adaptations = ['fine-tune', 'ridge', 'logistic', 'scratch'] as const;
const readouts = ['both', 'head', 'ridge'] as const;
const channelModes = ['mixed', 'independent'] as const;
const normalisations = ['train-set', 'per-series', 'none'] as const;
const classWeights = ['none', 'balanced'] as const;
const maps = ['pca', 'umap'] as const;

/** Values of `patchbert-finetune classify` and `regress` as they were typed; absent flags are undefined. */
export interface SeriesModelFlags extends SeriesFlags, MachineFlags {
  readonly checkpoint?: string;
  readonly pretrainingSteps?: number;
  readonly adapt?: (typeof adaptations)[number];
  readonly members?: number;
  readonly readout?: (typeof readouts)[number];
  readonly labelsPerClass?: number;
  readonly labelFraction?: number;
  readonly allowSingleExamples?: true;
  readonly classWeights?: (typeof classWeights)[number];
  readonly labelSmoothing?: number;
  readonly mixUp?: number;
  readonly steps?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly channels?: (typeof channelModes)[number];
  readonly normalise?: (typeof normalisations)[number];
  readonly patchLength?: number;
  readonly patchStride?: number;
  readonly classToken?: true;
  readonly poolings?: readonly string[];
  readonly crossValidate?: number;
  readonly control?: boolean;
  readonly controlMembers?: number;
  readonly baselines?: boolean;
  readonly map?: (typeof maps)[number];
  readonly seed?: number;
  readonly config?: string;
  readonly output?: string;
}

/** Adds the flags of `classify`. */
export function addClassifyFlags(command: Command): Command {
  return addFlags(command, 'class');
}

/** Adds the flags of `regress`: those of `classify` that are not about classes. */
export function addRegressFlags(command: Command): Command {
  return addFlags(command, 'value');
}

function addFlags(command: Command, kind: 'class' | 'value'): Command {
  const ofClasses = kind === 'class';
  command.optionsGroup('Data:');
  addSeriesFlags(command, {
    pair: true,
    ...(ofClasses ? { answer: 'label', standard: `${defaultSeries}, bundled` } : { answer: 'target' }),
  });
  if (ofClasses) {
    command
      .option(
        '--labels-per-class <count>',
        'read so many labels of each class, drawn by the seed',
        wholeNumber(1),
      )
      .option('--allow-single-examples', 'a class may have a single series');
  }
  command
    .option(
      '--label-fraction <share>',
      `read this share of the ${ofClasses ? 'labels, one of each class at least' : 'values'} (default: 1)`,
      numberBetween(0, 1),
    )
    .optionsGroup('Encoder:')
    .option(
      '--checkpoint <folder>',
      'a run of patchbert-pretrain series, or one of its checkpoints (default: each network is pretrained on the training series)',
    )
    .option('--pretraining-steps <count>', 'steps of that pretraining', wholeNumber(1))
    .addOption(
      choice(
        '--channels <mode>',
        'all of a patch in one token, or each by itself (default: mixed)',
        channelModes,
      ),
    )
    .addOption(choice('--normalise <how>', 'by what series are scaled (default: train-set)', normalisations))
    .option(
      '--patch-length <points>',
      'points of a patch (default: by the length of the series)',
      wholeNumber(1),
    )
    .option(
      '--patch-stride <points>',
      'from one patch to the next (default: a quarter of a patch)',
      wholeNumber(1),
    )
    .option('--class-token', 'a token of its own for the whole series')
    .optionsGroup('Method:')
    .addOption(choice('--adapt <method>', 'how labels are learned (default: fine-tune)', adaptations))
    .option('--members <count>', 'networks that are trained and averaged (default: 3)', wholeNumber(1))
    .addOption(choice('--readout <name>', 'what predicts after fine-tuning (default: both)', readouts))
    .option(
      '--poolings <names>',
      'how tokens become a vector: mean, max, deviation, positive, last, attention',
      commaSeparated,
    );
  if (ofClasses) {
    command
      .addOption(
        choice('--class-weights <how>', 'balanced: every class counts alike (default: none)', classWeights),
      )
      .option(
        '--label-smoothing <share>',
        'how much of a label goes to the other classes',
        numberBetween(0, 0.99),
      );
  }
  command
    .option(
      '--mix-up <strength>',
      'mix pairs of series and their labels; 0 mixes none, 1 most',
      numberBetween(0, 1),
    )
    .option('--steps <count>', 'steps of fine-tuning', wholeNumber(1))
    .option('--batch-size <series>', 'series of one step', wholeNumber(2))
    .option('--learning-rate <rate>', 'highest learning rate of fine-tuning', positiveNumber)
    .option(
      '--cross-validate <folds>',
      'score the settings on folds of the training series first, or choose among the "candidates" of --config',
      wholeNumber(2),
    )
    .option('--seed <number>', 'everything random follows from it (default: 0)', wholeNumber(0))
    // Without their positive twins negated flags would count as given in every run.
    .addOption(new Option('--control').hideHelp())
    .option('--no-control', 'do not train the same network without pretraining beside: faster')
    .option('--control-members <count>', 'networks trained for that (default: 1)', wholeNumber(1))
    .addOption(new Option('--baselines').hideHelp())
    .option('--no-baselines', 'do not score simple methods beside')
    .optionsGroup('Run:')
    .option(
      '--output <folder>',
      `folder of the model, new or empty (default: runs/<data>-${ofClasses ? 'classify' : 'regress'}-<time>)`,
    )
    .addOption(choice('--map <method>', 'how the report lays out the embeddings (default: pca)', maps))
    .option('--config <file.json>', 'every setting as JSON; flags win over it');
  return addMachineFlags(command);
}
