import { type BackendRequest, defined, flagName, parseSettings, readJsonFile } from '@patchbert/command-line';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import { type SeriesRunChoices, type SeriesRunConfigInput, seriesRunSchema } from '@patchbert/series';
import { z } from 'zod';
import { defaultData } from '../flags.ts';
import { divergenceSettings } from '../resume-flags.ts';
import { defaultSeries, type SeriesFlags } from './series-flags.ts';

/** What a configuration file may say: all of `seriesRunSchema`, and how this program runs it. */
const fileSchema = seriesRunSchema.safeExtend({
  backend: z.string().min(1).optional(),
  threads: z.int().min(1).optional(),
  output: z.string().min(1).optional(),
});

/** A run as asked for: the settings that decide its bits, and how and where to run it. */
export interface RequestedSeriesRun {
  readonly config: SeriesRunChoices;
  readonly backend: BackendRequest;
  readonly threads?: number;
  readonly output?: string;
}

/** Reads the configuration file, if any, and lays the flags over it. */
export async function requestedSeriesRun(flags: SeriesFlags): Promise<RequestedSeriesRun> {
  const file: FileConfig = flags.config === undefined ? {} : await readConfigFile(flags.config);
  const { backend, threads, output, ...settings } = file;
  return {
    config: parseSettings(seriesRunSchema, merge(settings, flags), (path) => flagsByPath[path]),
    backend: { typed: flags.backend, configured: { name: backend, file: flags.config } },
    ...defined({
      threads: flags.threads ?? threads,
      output: flags.output ?? output,
    }),
  };
}

/** The settings of a run with the flags laid over that were given with `--resume`; where its data lie now is not one of them. */
export function continuedSeriesConfig(
  stored: SeriesRunChoices,
  { data: _moved, ...flags }: SeriesFlags,
): SeriesRunChoices {
  return parseSettings(seriesRunSchema, merge(stored, flags), (path) => flagsByPath[path]);
}

/** A file need not name its data. */
type FileConfig = Partial<z.input<typeof fileSchema>>;

async function readConfigFile(path: string): Promise<FileConfig> {
  const value = await readJsonFile('--config', path);
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  const { data = {} } = isRecord ? (value as { data?: object }) : {};
  parseConfig(fileSchema, isRecord ? { ...value, data: { source: defaultSeries, ...data } } : value, path);
  // The keys as written, without defaults: a flag may change what decides a default.
  return value as FileConfig;
}

const noAugmentation = { timeWarp: false, scale: 0, jitter: 0, crop: 0, dropChannels: 0 } as const;

function merge(file: FileConfig, flags: SeriesFlags): SeriesRunConfigInput {
  const { pretraining = {} } = file;
  const { format, idColumn, labelColumn, timeColumn, delimiter, window, stride } = flags;
  const { channels, normalise, patchLength, patchStride, width, layers, heads, classToken } = flags;
  const { maskRatio, secondMaskRatio, keptTokens, temperature } = flags;
  const { steps, batchSize, learningRate, seed, validationShare } = flags;
  const data = {
    ...file.data,
    ...defined({ source: flags.data, format, idColumn, labelColumn, timeColumn, delimiter, window, stride }),
    ...(flags.valueColumns && { valueColumns: [...flags.valueColumns] }),
  };
  return {
    ...file,
    data: { source: data.window === undefined ? defaultSeries : defaultData, ...data },
    model: {
      ...file.model,
      ...defined({ channels, normalise, patchLength, patchStride, width, layers, heads, classToken }),
    },
    pretraining: {
      ...pretraining,
      ...defined({ maskRatio, secondMaskRatio, keptTokens, temperature }),
      training: { ...pretraining.training, ...defined({ steps, batchSize, learningRate }) },
      losses: {
        ...pretraining.losses,
        ...defined({
          reconstruction: flags.reconstructionWeight,
          spectrum: flags.spectrumWeight,
          instanceContrast: flags.instanceContrastWeight,
          hierarchicalContrast: flags.hierarchicalContrastWeight,
        }),
      },
      ...(flags.augment === false && { augmentation: noAugmentation }),
    },
    divergence: { ...file.divergence, ...divergenceSettings(flags) },
    ...defined({ seed, validationShare }),
  };
}

const flagsByPath: Readonly<Record<string, string>> = {
  'data.source': '--data',
  ...inFlags('data', ['format', 'idColumn', 'labelColumn', 'timeColumn', 'delimiter', 'window', 'stride']),
  ...inFlags('model', ['channels', 'normalise', 'patchLength', 'patchStride', 'width', 'layers', 'heads']),
  ...inFlags('pretraining', ['maskRatio', 'secondMaskRatio', 'keptTokens', 'temperature']),
  ...inFlags('pretraining.training', ['steps', 'batchSize', 'learningRate']),
  'pretraining.losses': 'the weights of the loss',
  'divergence.rateFactor': '--rollback-factor',
  seed: '--seed',
  validationShare: '--validation-share',
};

function inFlags(path: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`${path}.${name}`, flagName(name)]));
}

/** Runs what resolves the model against the data; errors name flags in place of settings. */
export function withModelFlags<T>(resolve: () => T): T {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof PatchBertError) || error.code !== 'config/invalid') throw error;
    const message = error.message
      .replace(/^series model: /, '')
      .replace(/"(\w+)": /g, (setting, name: string) => {
        const flag = flagsByPath[`model.${name}`];
        return flag === undefined ? setting : `${flag}: `;
      });
    throw new PatchBertError(error.code, message);
  }
}
