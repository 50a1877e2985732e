import type { SeriesPoints } from '@patchbert/augment';
import type { SeriesSet } from '@patchbert/data';
import type { SeriesInputs } from '@patchbert/series';

/** What is predicted of a series. */
export type Target =
  | { readonly kind: 'class'; readonly classes: readonly string[] }
  /** A number; networks predict `(value - mean) / deviation` of the training series. */
  | { readonly kind: 'value'; readonly mean: number; readonly deviation: number };

/** Numbers per series that a readout gives. */
export function outputCount(target: Target): number {
  return target.kind === 'class' ? target.classes.length : 1;
}

/** The training data as a fit reads it. */
export interface SeriesTask {
  readonly target: Target;
  readonly inputs: SeriesInputs;
  /** Every training series, labelled or not. */
  readonly series: readonly SeriesPoints[];
  readonly labelled: LabelledSeries;
  readonly train: SeriesSet;
}

/** Series whose label or value may be read. */
export interface LabelledSeries {
  /** Which of the training series they are. */
  readonly indices: Int32Array;
  readonly series: readonly SeriesPoints[];
  /** `[labelled]` class indices; empty for values. */
  readonly labels: Int32Array;
  /** `[labelled]` in the user's unit; empty for classes. */
  readonly values: Float64Array;
}
