import { type BackendRequest, defined, flagName, parseSettings, readJsonFile } from '@patchbert/command-line';
import { parseConfig } from '@patchbert/errors';
import { type ForecastConfig, forecastConfigSchema } from '@patchbert/forecast';
import { type PretrainConfigInput, pretrainConfigSchema } from '@patchbert/train';
import { z } from 'zod';
import { defaultData, type ForecastFlags } from '../flags/forecast-flags.ts';

/** Where the series come from: what pretraining knows, and tables of several series. */
export const dataSchema = pretrainConfigSchema.shape.data.safeExtend({
  /** Tables with a row per series and time: the column that names the series. */
  idColumn: z.string().min(1).optional(),
  /** Whether gaps in time become rows of missing values. */
  regularTimes: z.boolean().optional(),
});

export type DataConfig = z.output<typeof dataSchema>;

const settingsSchema = forecastConfigSchema.safeExtend({ data: dataSchema });

/**
 * What a configuration file may say: all of `forecastConfigSchema`, its data, and how this program runs it. Rules across
 * settings are left to `settingsSchema`, for a flag may yet change what breaks them.
 */
const fileSchema = z.strictObject({
  ...settingsSchema.shape,
  /** A pretraining run or one of its checkpoints. */
  checkpoint: z.string().min(1).optional(),
  /** Settings of the pretraining when there is no run to build on. */
  pretraining: z.strictObject(pretrainConfigSchema.shape).omit({ data: true }).partial().optional(),
  backend: z.string().min(1).optional(),
  threads: z.int().min(1).optional(),
  output: z.string().min(1).optional(),
  /** Whether to prove that no forecast saw its future. */
  audit: z.boolean().optional(),
});

type FileConfig = z.input<typeof fileSchema>;
type SettingsInput = z.input<typeof settingsSchema>;

/** A forecaster as asked for: what decides its numbers, and how and where to fit it. */
export interface ForecastRequest {
  readonly data: DataConfig;
  readonly config: ForecastConfig;
  /** Whether horizons were named; else those of the data set are taken. */
  readonly horizonsGiven: boolean;
  readonly pretraining: Omit<PretrainConfigInput, 'data'>;
  readonly checkpoint?: string;
  readonly backend: BackendRequest;
  readonly threads?: number;
  readonly output?: string;
  readonly audit?: boolean;
}

/** Reads the configuration file, if any, and lays the flags over it. */
export async function forecastRequest(flags: ForecastFlags): Promise<ForecastRequest> {
  const file: FileConfig =
    flags.config === undefined ? { data: { source: defaultData } } : await readConfigFile(flags.config);
  const { checkpoint, pretraining, backend, threads, output, audit, ...settings } = file;
  const input = merge(settings, flags);
  const { data, ...config } = parseSettings(settingsSchema, input, flagOf);
  return {
    data,
    config,
    horizonsGiven: input.horizons !== undefined,
    pretraining: {
      ...(pretraining as Omit<PretrainConfigInput, 'data'> | undefined),
      ...defined({
        steps: flags.pretrainingSteps,
        contextLength: flags.contextLength ?? settings.contextLength,
        seed: flags.seed ?? settings.seed,
      }),
    },
    backend: { typed: flags.backend, configured: { name: backend, file: flags.config } },
    ...defined({
      checkpoint: flags.checkpoint ?? checkpoint,
      threads: flags.threads ?? threads,
      output: flags.output ?? output,
      audit: flags.audit ?? audit,
    }),
  };
}

async function readConfigFile(path: string): Promise<FileConfig> {
  const value = withDefaultSource(await readJsonFile('--config', path));
  parseConfig(fileSchema, value, path);
  // The keys as written, without defaults: a flag may change what decides a default.
  return value as FileConfig;
}

/** A file need not name its data: the bundled set is the default here too. */
function withDefaultSource(value: unknown): unknown {
  if (!isRecord(value) || !isRecord(value.data ?? {})) return value;
  return { ...value, data: { source: defaultData, ...(value.data as object | undefined) } };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merge(file: SettingsInput, flags: ForecastFlags): SettingsInput {
  return {
    ...file,
    data: {
      ...file.data,
      ...defined({
        source: flags.data,
        channels: flags.channels && [...flags.channels],
        timeColumn: flags.timeColumn,
        delimiter: flags.delimiter,
        timeOrder: flags.timeOrder,
        header: flags.header,
        idColumn: flags.idColumn,
        regularTimes: flags.regularTimes,
      }),
    },
    ...defined({
      target: flags.target,
      mode: flags.mode,
      covariates: flags.covariates && [...flags.covariates],
      calendar: flags.calendar,
      horizons: flags.horizon && [...flags.horizon],
      contextLength: flags.contextLength,
      trainFraction: flags.trainFraction,
      adapt: flags.adapt,
      linearWeight: flags.linearWeight,
      // Here it stands beside every result unless someone is in a hurry.
      control: flags.control ?? file.control ?? true,
      resizePositions: flags.resizePositions,
      seed: flags.seed,
    }),
    training: {
      ...file.training,
      ...defined({
        loss: flags.loss,
        steps: flags.steps,
        batchSize: flags.batchSize,
        learningRate: flags.learningRate,
        encoderLearningRate: flags.encoderLearningRate,
        headDropout: flags.headDropout,
      }),
    },
  };
}

/** Settings whose flag is not named like them. */
const flagsByPath: Readonly<Record<string, string>> = {
  'data.source': '--data',
  'data.idColumn': '--id-column',
  horizons: '--horizon',
};
const flagsOfSameName = [
  'target',
  'mode',
  'covariates',
  'calendar',
  'contextLength',
  'trainFraction',
  'adapt',
  'linearWeight',
  'seed',
  'training.loss',
  'training.steps',
  'training.batchSize',
  'training.learningRate',
  'training.encoderLearningRate',
  'training.headDropout',
];

function flagOf(path: string): string | undefined {
  return (
    flagsByPath[path] ??
    (flagsOfSameName.includes(path) ? flagName(path.replace('training.', '')) : undefined)
  );
}
