import {
  type BackendRequest,
  defined,
  flagName,
  parseSettings,
  readJsonFile,
  usageError,
} from '@patchbert/command-line';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import { type PretrainConfig, type PretrainConfigInput, pretrainConfigSchema } from '@patchbert/train';
import { z } from 'zod';
import { defaultData, type Flags } from './flags.ts';
import { divergenceSettings } from './resume-flags.ts';

/** What a configuration file may say: all of `pretrainConfigSchema`, and how this program runs it. */
const fileSchema = pretrainConfigSchema.safeExtend({
  /** Passes over all training windows; instead of `steps`. */
  epochs: z.number().gt(0).optional(),
  /** Training time; instead of `steps`. */
  minutes: z.number().gt(0).optional(),
  backend: z.string().min(1).optional(),
  threads: z.int().min(1).optional(),
  output: z.string().min(1).optional(),
});

/** A run as asked for: the settings that decide its bits, and how and where to run it. */
export interface RequestedRun {
  readonly config: PretrainConfig;
  readonly epochs?: number;
  readonly minutes?: number;
  readonly backend: BackendRequest;
  readonly threads?: number;
  readonly output?: string;
}

/** Reads the configuration file, if any, and lays the flags over it. */
export async function requestedRun(flags: Flags): Promise<RequestedRun> {
  const file: FileConfig =
    flags.config === undefined ? { data: { source: defaultData } } : await readConfigFile(flags.config);
  const { epochs, minutes, backend, threads, output, ...settings } = file;
  const length = runLength(flags, { epochs, minutes });
  return {
    config: parseSettings(pretrainConfigSchema, merge(settings, flags), flagOf),
    ...length,
    backend: { typed: flags.backend, configured: { name: backend, file: flags.config } },
    ...defined({
      threads: flags.threads ?? threads,
      output: flags.output ?? output,
    }),
  };
}

/** The settings of a run with the flags laid over that were given with `--resume`; where its data lie now is not one of them. */
export function continuedConfig(stored: PretrainConfig, { data: _moved, ...flags }: Flags): PretrainConfig {
  return parseSettings(pretrainConfigSchema, merge(stored, flags), flagOf);
}

type FileConfig = z.input<typeof fileSchema>;

async function readConfigFile(path: string): Promise<FileConfig> {
  const value = withDefaultSource(await readJsonFile('--config', path));
  parseConfig(fileSchema, value, path);
  const lengths = (['steps', 'epochs', 'minutes'] as const).filter((name) =>
    Object.hasOwn(value as object, name),
  );
  if (lengths.length > 1) {
    throw new PatchBertError(
      'pretrain/config',
      `${path}: ${lengths.join(' and ')} exclude each other; keep one of them.`,
    );
  }
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

/** Epochs or minutes; `steps` is a setting of the configuration. A flag replaces whatever the file says. */
function runLength(flags: Flags, file: { epochs?: number | undefined; minutes?: number | undefined }) {
  if (flags.steps !== undefined) return {};
  const given = flags.epochs !== undefined || flags.minutes !== undefined ? flags : file;
  return defined({ epochs: given.epochs, minutes: given.minutes });
}

function merge(file: PretrainConfigInput, flags: Flags): PretrainConfigInput {
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
      }),
    },
    model: { ...file.model, ...defined({ preset: flags.preset }) },
    divergence: { ...file.divergence, ...divergenceSettings(flags) },
    ...defined({
      masking: masking(file.masking, flags),
      contextLength: flags.contextLength,
      patchLength: flags.patchLength,
      corruption: flags.corruption,
      spectrumWeight: flags.spectrumWeight,
      steps: flags.steps,
      scheduleSteps: flags.scheduleSteps,
      batchSize: flags.batchSize,
      accumulateSteps: flags.accumulateSteps,
      learningRate: flags.learningRate,
      seed: flags.seed,
    }),
  };
}

type MaskingInput = NonNullable<PretrainConfigInput['masking']>;

/** Mean length, in patches, of the runs that `--masking geometric` hides (TST hides 3 points on average). */
const geometricMeanLength = 3;

function masking(file: MaskingInput | undefined, flags: Flags): MaskingInput | undefined {
  if (flags.masking === undefined && flags.maskRatio === undefined) return file;
  const defaults = parseConfig(pretrainConfigSchema, { data: { source: defaultData } }, 'defaults').masking;
  const before = file ?? defaults;
  const geometry = flags.masking ?? before.geometry;
  if (geometry === 'forecast' || geometry === 'given') {
    throw usageError(
      `--mask-ratio does not apply to masking "${geometry}" of ${flags.config}; choose another --masking.`,
    );
  }
  const fallback = 'ratio' in defaults ? defaults.ratio : 0.4;
  const ratio = flags.maskRatio ?? ('ratio' in before ? before.ratio : fallback);
  if (geometry !== 'geometric') return { geometry, ratio };
  return { geometry, ratio, meanLength: 'meanLength' in before ? before.meanLength : geometricMeanLength };
}

/** Settings whose flag is not the last part of their path. */
const flagsByPath: Readonly<Record<string, string>> = {
  'masking.ratio': '--mask-ratio',
  'divergence.rateFactor': '--rollback-factor',
  'data.source': '--data',
};
const flagsOfSameName = [
  'contextLength',
  'patchLength',
  'corruption',
  'spectrumWeight',
  'steps',
  'scheduleSteps',
  'batchSize',
  'accumulateSteps',
  'learningRate',
  'seed',
];

/** The flag that sets what stands at a path of the configuration. */
function flagOf(path: string): string | undefined {
  return flagsByPath[path] ?? (flagsOfSameName.includes(path) ? flagName(path) : undefined);
}
