import type { Backend } from '@patchbert/backend';
import type { Frame, Segment, Split } from '@patchbert/data';
import type { PretrainConfigInput } from './config.ts';
import type { PretrainEvaluation } from './evaluation.ts';
import type { PretrainEvent } from './events.ts';

/** The opened data of a run, with the facts its receipt states. */
export interface PretrainData {
  /** The series; `NaN` is missing. `config.data.channels` is applied by the caller. */
  readonly frame: Frame;
  /** The recordings stacked in the frame; no window crosses them. Default: the frame is one. */
  readonly segments?: readonly Segment[];
  /** Rows of train, validation and test of a single recording. Default: `config.data.split`, else 70 / 10 / 20 % by time. */
  readonly split?: Split;
  /** The same for several: one per segment, in rows of the frame. Default: those shares of each recording. */
  readonly splits?: readonly Split[];
  /** The files that were read and their hashes. */
  readonly files?: readonly { readonly path: string; readonly sha256: string }[];
  readonly licence?: string;
  readonly citation?: string;
}

/** What `pretrain` needs. Only `config` decides the bits; the rest says where, how long and who listens. */
export interface PretrainOptions {
  /** The configuration; may be left out when resuming, the run folder knows it. */
  readonly config?: PretrainConfigInput;
  readonly data: PretrainData;
  /** Opened and disposed of by the caller. */
  readonly backend: Backend;
  /** Folder of this run; must be new or empty unless `resume`. */
  readonly runFolder: string;
  /**
   * Continue from the newest complete checkpoint of `runFolder`. A `config` given with it must agree with the stored
   * one, except for what cannot change bits already computed: `steps` (while the schedule's length stays the same),
   * `validateEvery`, `checkpointEvery`, `keepCheckpoints`, `galleryWindows`, `divergence`. Data and version of PatchBERT must be
   * those of the run too.
   */
  readonly resume?: boolean;
  /** Continue even as what is no longer the same run; warnings, checkpoints and receipt name every difference. Default false. */
  readonly force?: boolean;
  /** Stop after this step as if interrupted: saves, does not evaluate; `resume` continues. Not part of the config. */
  readonly stopAfter?: number;
  /**
   * Choose `steps` so that training takes about this long: the rate is measured before step 1, and the number found is
   * written to `config.json`, so resuming is as exact as ever. Not with `resume`.
   */
  readonly minutes?: number;
  /** Interrupts: the step under way finishes, a checkpoint is saved, the result says `interrupted`. */
  readonly signal?: AbortSignal;
  /** Progress; called between steps, should return quickly. */
  readonly onEvent?: (event: PretrainEvent) => void;
  /** The command that reproduces this run, for the receipt. */
  readonly command?: string;
}

/** How a run ended. A diverged run throws `train/diverged` instead. */
export interface PretrainResult {
  readonly status: 'finished' | 'interrupted';
  /** Steps done. */
  readonly step: number;
  readonly runFolder: string;
  /** Folder of the checkpoint of `step`. */
  readonly checkpoint: string;
  /** Loss of the last step; absent when no step ran. */
  readonly loss?: number;
  /** Errors on the validation windows; absent when interrupted. */
  readonly evaluation?: PretrainEvaluation;
}
