import type { Backend } from '@patchbert/backend';
import type { SeriesSet } from '@patchbert/data';
import type { SeriesEvaluation } from './evaluate-series.ts';
import type { SeriesRunConfigInput } from './series-run-config.ts';
import type { SeriesRunEvent } from './series-run-events.ts';

/** What `pretrainSeries` needs. Only `config` and `series` decide the bits; the rest says where, how long and who listens. */
export interface PretrainSeriesOptions {
  /** The configuration; may be left out when resuming, the run folder knows it. */
  readonly config?: SeriesRunConfigInput;
  /** What to learn from; labels and targets are not looked at. */
  readonly series: SeriesSet;
  /** Opened and disposed of by the caller. */
  readonly backend: Backend;
  /** Folder of this run; must be new or empty unless `resume`. */
  readonly folder: string;
  /**
   * Continue from the newest complete checkpoint of `folder`. A `config` given with it must agree with the stored one, except for
   * `validateEvery`, `checkpointEvery`, `keepCheckpoints`, `gallerySeries` and `divergence`. Series and version of PatchBERT must be
   * those of the run too.
   */
  readonly resume?: boolean;
  /** Continue even as what is no longer the same run; warnings, checkpoints and receipt name every difference. Default false. */
  readonly force?: boolean;
  /** Stop after this step as if interrupted: saves, does not evaluate; `resume` continues. */
  readonly stopAfter?: number;
  /** The files that were read and their hashes. */
  readonly files?: readonly { readonly path: string; readonly sha256: string }[];
  readonly licence?: string;
  readonly citation?: string;
  /** The command that reproduces this run, for the receipt. */
  readonly command?: string;
  /** Interrupts: the step under way finishes, a checkpoint is saved, the result says `interrupted`. */
  readonly signal?: AbortSignal;
  /** Progress; called between steps, should return quickly. */
  readonly onEvent?: (event: SeriesRunEvent) => void;
}

/** How a run ended. A diverged run throws `train/diverged` instead. */
export interface PretrainSeriesResult {
  readonly folder: string;
  readonly status: 'finished' | 'interrupted';
  /** Steps done. */
  readonly step: number;
  /** Folder of the checkpoint of `step`. */
  readonly checkpoint: string;
  /** Loss of the last step; absent when no step ran. */
  readonly loss?: number;
  /** Errors on hidden points; absent when interrupted, and of a model that reconstructs nothing. */
  readonly evaluation?: SeriesEvaluation;
}
