import { describeSeriesSet, type SeriesSet, type SeriesSetDescription } from '@patchbert/data';
import { seriesFingerprint } from '@patchbert/series';
import { packageVersion } from '@patchbert/train';
import type { ClassifyConfig } from '../config/classify-config.ts';
import type { MethodResult } from '../evaluate/method-result.ts';
import { headlineScore } from '../evaluate/score-predictions.ts';
import type { CrossValidation } from '../select/cross-validate.ts';
import type { SeriesTask } from '../task/series-task.ts';
import type { FittedMembers } from './fit-members.ts';
import type { FitSeriesModelOptions } from './fit-series-model.ts';

/** `receipt.json`: what was read, what chose, what was scored, and how to do it again. */
export interface ClassifyReceipt {
  readonly format: 'patchbert-classify-receipt';
  /** ISO 8601, UTC. */
  readonly written: string;
  readonly command?: string;
  readonly patchbert: string;
  readonly seed: number;
  readonly seconds: number;
  /** Of what predicts, without controls and baselines. */
  readonly fitSeconds: { readonly pretraining: number; readonly adapting: number };
  readonly engine: {
    readonly backend: string;
    /** The module file or package of a backend that does not come with the program, as its user named it. */
    readonly backendModule?: string;
    readonly engine: string;
    readonly precision: string;
  };
  readonly data: {
    readonly name: string;
    readonly channels: readonly string[];
    readonly files: readonly { readonly path: string; readonly sha256: string }[];
    readonly licence?: string;
    readonly citation?: string;
    readonly train: SetFacts;
    readonly test?: SetFacts;
  };
  /** Training series whose label or value was read. */
  readonly labelled: number;
  /** Scaling saw the training series and no others. */
  readonly scaledBy: 'train';
  /** Nothing is chosen by test series, which are scored once; penalties are chosen on the labelled series. */
  readonly selection: 'leave-one-out' | 'folds';
  /** What the configuration was chosen by. */
  readonly crossValidation?: CrossValidation;
  /** Where the encoder came from. */
  readonly encoder:
    | { readonly checkpoint: string }
    | { readonly pretrainedOn: 'train' }
    | { readonly random: true };
  readonly results: readonly {
    readonly method: string;
    readonly score: number;
    readonly singles?: readonly number[];
  }[];
}

type SetFacts = SeriesSetDescription & { readonly fingerprint: string };

export function classifyReceipt({
  options,
  task,
  config,
  fitted,
  results,
  checkpoint,
  seconds,
}: {
  readonly options: FitSeriesModelOptions;
  readonly task: SeriesTask;
  readonly config: ClassifyConfig;
  readonly fitted: Pick<FittedMembers, 'seconds'>;
  readonly results: readonly MethodResult[];
  readonly checkpoint: string | undefined;
  readonly seconds: number;
}): ClassifyReceipt {
  const { backend, train, test, files = [], licence, citation, command, crossValidation } = options;
  return {
    format: 'patchbert-classify-receipt',
    written: new Date().toISOString(),
    ...(command !== undefined && { command }),
    patchbert: packageVersion(),
    seed: config.seed,
    seconds,
    fitSeconds: fitted.seconds,
    engine: {
      backend: backend.name,
      ...(backend.module !== undefined && { backendModule: backend.module }),
      engine: backend.capabilities.engine,
      precision: backend.capabilities.precision,
    },
    data: {
      name: train.name,
      channels: train.channels,
      files,
      ...(licence !== undefined && { licence }),
      ...(citation !== undefined && { citation }),
      train: setFacts(train),
      ...(test && { test: setFacts(test) }),
    },
    labelled: task.labelled.indices.length,
    scaledBy: 'train',
    // The penalty of a ridge, and of a logistic regression.
    selection: config.adapt === 'logistic' && task.target.kind === 'class' ? 'folds' : 'leave-one-out',
    ...(crossValidation && { crossValidation }),
    encoder: encoderOrigin(config, checkpoint),
    results: results.map((result) => ({
      method: result.method,
      score: headlineScore(result),
      ...(result.singles && { singles: result.singles }),
    })),
  };
}

function setFacts(set: SeriesSet): SetFacts {
  return { ...describeSeriesSet(set), fingerprint: seriesFingerprint(set) };
}

function encoderOrigin(
  { adapt }: ClassifyConfig,
  checkpoint: string | undefined,
): ClassifyReceipt['encoder'] {
  if (adapt === 'scratch') return { random: true };
  return checkpoint === undefined ? { pretrainedOn: 'train' } : { checkpoint };
}
