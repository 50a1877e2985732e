import { type ClassifyConfigInput, classifyConfigSchema, type FitEvent } from '@patchbert/classify';
import type { SeriesSet } from '@patchbert/data';
import type { BackendOption } from '../backend/open-backend.ts';
import { requireKnownOptions } from '../fit/known-options.ts';

interface SeriesFitSurroundings extends BackendOption {
  /** Scored once, at the end; nothing is chosen by it. Default: nothing is scored. */
  readonly test?: SeriesSet;
  /** Folder of a run of `patchbert-pretrain series`, or of one of its checkpoints. Default: every network pretrains its own encoder. */
  readonly checkpoint?: string;
  /** A new folder to keep the model in. Default: a temporary one, which `dispose` removes; `save` copies it. */
  readonly folder?: string;
  /** How a report of the folder lays out the embeddings. Default `PCA`. */
  readonly map?: 'PCA' | 'UMAP';
  /** Interrupts: `fit` rejects with `classify/interrupted` and leaves no temporary file. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: FitEvent) => void;
}

/** What `Classifier.fit` and `Regressor.fit` take: everything `classifyConfigSchema` knows, and where and on what to run. */
export type SeriesFitOptions = ClassifyConfigInput & SeriesFitSurroundings;

export interface SeriesFitRequest extends SeriesFitSurroundings {
  readonly config: ClassifyConfigInput;
}

const surroundings = [
  'backend',
  'threads',
  'test',
  'checkpoint',
  'folder',
  'map',
  'signal',
  'onEvent',
] as const satisfies readonly (keyof SeriesFitSurroundings)[];

/**
 * Takes the settings of the model and those of its surroundings apart.
 *
 * @throws PatchBertError `config/invalid` for an unknown option.
 */
export function seriesFitRequest(options: SeriesFitOptions): SeriesFitRequest {
  requireKnownOptions(options, [...surroundings, ...Object.keys(classifyConfigSchema.shape)]);
  const isSurrounding = (name: string) => (surroundings as readonly string[]).includes(name);
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(entries.filter(([name]) => isSurrounding(name))),
    config: Object.fromEntries(entries.filter(([name]) => !isSurrounding(name))),
  };
}
