import type { Frame, Segment, Split } from '@patchbert/data';

/** Opened data, with the facts a receipt states. */
export interface ForecastData {
  /** One recording, or several stacked; NaN is missing. */
  readonly frame: Frame;
  /** The recordings in `frame`. Default: one. */
  readonly segments?: readonly Segment[];
  /** Train, validation and test rows of a single recording. Default: 70 / 10 / 20 % by time. */
  readonly split?: Split;
  /** One per segment. */
  readonly splits?: readonly Split[];
  readonly files?: readonly { readonly path: string; readonly sha256: string }[];
  readonly licence?: string;
  readonly citation?: string;
  /** Units by channel, where known. */
  readonly units?: Readonly<Record<string, string>>;
}
