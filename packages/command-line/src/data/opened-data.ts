import type { Frame, Segment, Split } from '@patchbert/data';

/** Opened data, with the facts a receipt and a report state. */
export interface OpenedData {
  /** A heading for the report: the full title of a known data set, else the name of the file. */
  readonly title: string;
  readonly frame: Frame;
  /** The recordings in the frame, when there are several. */
  readonly segments?: readonly Segment[];
  /** Rows of missing values that `regularTimes` added. */
  readonly insertedRows?: number;
  /** The published split of a known data set. */
  readonly split?: Split;
  /** The files that were read and their hashes. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  readonly licence?: string;
  readonly citation?: string;
  /** Units by channel, where known. */
  readonly units?: Readonly<Record<string, string>>;
  /** The horizons that papers report for a known data set, or that the file asks for. */
  readonly horizons?: readonly number[];
}
