import { type ClassifyChoices, classifyConfigSchema } from '@patchbert/classify';
import {
  type BackendRequest,
  defined,
  flagName,
  parseSettings,
  readJsonFile,
  type SeriesRequest,
  usageError,
} from '@patchbert/command-line';
import { parseConfig } from '@patchbert/errors';
import { z } from 'zod';
import { defaultSeries, type SeriesModelFlags } from '../flags/series-model-flags.ts';

const name = z.string().min(1);

/** Which series are read, and how. */
export const seriesDataSchema = z.strictObject({
  source: name.optional(),
  train: name.optional(),
  test: name.optional(),
  format: z.enum(['ucr', 'ucr-unlabelled', 'ts', 'arff', 'csv']).optional(),
  idColumn: name.optional(),
  labelColumn: name.optional(),
  targetColumn: name.optional(),
  /** `false`: there is none. */
  timeColumn: z.union([name, z.literal(false)]).optional(),
  valueColumns: z.array(name).min(1).optional(),
  delimiter: z.string().length(1).optional(),
  missing: z.array(z.string()).optional(),
});

export type SeriesData = z.output<typeof seriesDataSchema>;

const settings = classifyConfigSchema.shape;

/**
 * What a configuration file may say: all of `classifyConfigSchema`, its data, and how this program runs it. Rules across settings
 * are left to `classifyConfigSchema`, for a flag may yet change what breaks them.
 */
const fileSchema = z.strictObject({
  ...settings,
  data: seriesDataSchema.optional(),
  /** A run of patchbert-pretrain series, or one of its checkpoints. */
  checkpoint: name.optional(),
  /** Folds of the training series that settings are scored on. */
  crossValidate: z.int().min(2).optional(),
  /** Settings to choose from, each laid over the others under a name of its own. */
  candidates: z.record(z.string(), z.strictObject(settings).partial()).optional(),
  map: z.enum(['pca', 'umap']).optional(),
  backend: name.optional(),
  threads: z.int().min(1).optional(),
  output: name.optional(),
});

type FileSettings = z.input<typeof fileSchema>;

/** A classifier or regressor as asked for. */
export interface SeriesModelRequest {
  readonly data: SeriesRequest & SeriesData;
  readonly config: ClassifyChoices;
  /** What to choose from; one, unless the file has candidates. */
  readonly candidates: readonly { readonly label: string; readonly config: ClassifyChoices }[];
  readonly folds?: number;
  readonly checkpoint?: string;
  readonly map?: 'PCA' | 'UMAP';
  readonly backend: BackendRequest;
  readonly threads?: number;
  readonly output?: string;
}

const FOLDS = 5;

/** Reads the configuration file, if any, and lays the flags over it. */
export async function seriesModelRequest(
  flags: SeriesModelFlags,
  kind: 'class' | 'value',
): Promise<SeriesModelRequest> {
  const file = flags.config === undefined ? {} : await readSettings(flags.config);
  const { data, checkpoint, crossValidate, candidates, map, backend, threads, output, ...given } = file;
  const asked = merged(given, settingsOf(flags)) as Record<string, unknown>;
  // Here it stands beside every result unless someone is in a hurry.
  const complete = (input: object) =>
    parseSettings(classifyConfigSchema, { control: true, controlMembers: 1, ...input }, flagOf);
  const options = Object.entries(candidates ?? {});
  const folds = flags.crossValidate ?? crossValidate ?? (options.length > 1 ? FOLDS : undefined);
  const chosenMap = flags.map ?? map;
  return {
    data: dataOf(data ?? {}, flags, kind),
    config: complete(asked),
    candidates:
      options.length === 0
        ? [{ label: 'these settings', config: complete(asked) }]
        : options.map(([label, over]) => ({ label, config: complete(merged(asked, over) as object) })),
    backend: { typed: flags.backend, configured: { name: backend, file: flags.config } },
    ...defined({
      folds,
      checkpoint: flags.checkpoint ?? checkpoint,
      map: chosenMap && (chosenMap === 'umap' ? ('UMAP' as const) : ('PCA' as const)),
      threads: flags.threads ?? threads,
      output: flags.output ?? output,
    }),
  };
}

async function readSettings(path: string): Promise<FileSettings> {
  const value = await readJsonFile('--config', path);
  parseConfig(fileSchema, value, path);
  // The keys as written, without defaults: a flag may change what decides a default.
  return value as FileSettings;
}

function dataOf(
  file: SeriesData,
  flags: SeriesModelFlags,
  kind: 'class' | 'value',
): SeriesRequest & SeriesData {
  const target = kind === 'class' ? ('label' as const) : ('value' as const);
  const { train, test, format, idColumn, labelColumn, targetColumn, timeColumn, delimiter } = flags;
  const named = { source: flags.data, train, test };
  // Files named by flags replace those of the configuration file, of either kind.
  const { source: _source, train: _train, test: _test, ...reading } = file;
  const base = Object.values(named).some((value) => value !== undefined) ? reading : file;
  const data = {
    ...base,
    ...defined({ ...named, format, idColumn, labelColumn, targetColumn, timeColumn, delimiter }),
    ...(flags.valueColumns && { valueColumns: [...flags.valueColumns] }),
  };
  if (data.source === undefined && data.train === undefined) {
    if (data.test !== undefined) throw usageError('--train is missing: name the file of training series.');
    if (kind === 'value') {
      throw usageError('--data is missing: name a file of series with a number each, or --train and --test.');
    }
    return { ...data, source: defaultSeries, target };
  }
  return { ...data, target };
}

function settingsOf(flags: SeriesModelFlags): object {
  const { steps, batchSize, learningRate, labelSmoothing, mixUp, pretrainingSteps } = flags;
  const { channels, normalise, patchLength, patchStride, classToken } = flags;
  return {
    model: defined({ channels, normalise, patchLength, patchStride, classToken }),
    pretraining: { training: defined({ steps: pretrainingSteps, batchSize }) },
    fineTuning: {
      training: defined({ steps, batchSize, learningRate }),
      ...defined({ labelSmoothing, mixUp }),
    },
    ...defined({
      adapt: flags.adapt,
      members: flags.members,
      readout: flags.readout,
      poolings: flags.poolings && [...flags.poolings],
      labelsPerClass: flags.labelsPerClass,
      labelFraction: flags.labelFraction,
      allowSingleExamples: flags.allowSingleExamples,
      classWeights: flags.classWeights,
      control: flags.control,
      controlMembers: flags.controlMembers,
      baselines: flags.baselines,
      seed: flags.seed,
    }),
  };
}

/** `over` laid over `base`, object by object. */
function merged(base: unknown, over: unknown): unknown {
  if (!isRecord(base) || !isRecord(over)) return over === undefined ? base : over;
  const names = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries([...names].map((key) => [key, merged(base[key], over[key])]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Settings whose flag is not named like their last word. */
const flagsByPath: Readonly<Record<string, string>> = {
  'pretraining.training.steps': '--pretraining-steps',
};
const flagsOfSameName = [
  'adapt',
  'members',
  'readout',
  'poolings',
  'labelsPerClass',
  'controlMembers',
  'labelFraction',
  'classWeights',
  'seed',
  'model.channels',
  'model.normalise',
  'model.patchLength',
  'model.patchStride',
  'fineTuning.labelSmoothing',
  'fineTuning.mixUp',
  'fineTuning.training.steps',
  'fineTuning.training.batchSize',
  'fineTuning.training.learningRate',
];

function flagOf(place: string): string | undefined {
  // An element of a list is of the flag of the list.
  const path = place.replace(/\.\d+$/, '');
  const known = flagsByPath[path];
  if (known !== undefined) return known;
  return flagsOfSameName.includes(path) ? flagName(path.split('.').at(-1)!) : undefined;
}
