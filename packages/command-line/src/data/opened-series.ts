import type { SeriesSet } from '@patchbert/data';

/** Opened whole series, with the facts a receipt and a report state. */
export interface OpenedSeries {
  /** A heading for the report: the name of a known data set, else the name of the file. */
  readonly title: string;
  /** The training series of a data set or pair of files; all series of a single file. */
  readonly train: SeriesSet;
  /** Of a data set or pair of files. */
  readonly test?: SeriesSet;
  /** By what the training series have; undefined when they have neither labels nor targets, or none were read. */
  readonly task?: 'classification' | 'regression';
  /** The files that were read, train before test, and their hashes. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  readonly licence?: string;
  readonly citation?: string;
}

/** What can be learned from a set: classes or numbers; nothing without either. */
export function taskOf({ labels, targets }: SeriesSet): Pick<OpenedSeries, 'task'> {
  if (labels !== undefined) return { task: 'classification' };
  return targets === undefined ? {} : { task: 'regression' };
}
