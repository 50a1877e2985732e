import type { RunData } from './run-data.ts';

/** Everything the report of a pretraining run shows. Plain data: build it by hand or read it from a run folder. */
export interface PretrainRun {
  readonly title: string;
  /** When the run started, ISO 8601. */
  readonly created: string;
  /** The command that reproduces the run. */
  readonly command?: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly data: RunData;
  readonly model: { readonly parameters: number; readonly flopsPerStep: number; readonly preset?: string };
  readonly environment: Readonly<Record<string, string>>;
  /** Training time. */
  readonly seconds: number;
  readonly seriesPerSecond: number;
  readonly training: readonly TrainingPoint[];
  readonly validation: readonly ValidationPoint[];
  /** The model first, then the baselines; in normalised units. */
  readonly errors: readonly MethodError[];
  readonly errorsByChannel?: readonly ChannelError[];
  readonly gallery: readonly GalleryWindow[];
}

/** One training step; steps count from 1. */
export interface TrainingPoint {
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly gradientNorm?: number;
}

/** One validation pass: the mean squared error on hidden, observed points, in normalised units. */
export interface ValidationPoint {
  readonly step: number;
  readonly maskedError: number;
}

/** The errors of one way to fill hidden patches. */
export interface MethodError {
  readonly method: string;
  readonly maskedError: number;
  readonly meanAbsoluteError: number;
  /** Mean squared error in units of the channel's standard deviation over the training rows. */
  readonly scaledError?: number;
}

/** Masked-patch errors of one channel. */
export interface ChannelError {
  readonly channel: string;
  readonly model: number;
  readonly linearInterpolation: number;
}

/** One validation window in the user's units; `null` is a missing point. All arrays hold one entry per point. */
export interface GalleryWindow {
  readonly title: string;
  readonly unit?: string;
  readonly patchLength: number;
  /** Milliseconds since the epoch, UTC. */
  readonly times?: readonly number[];
  readonly truth: readonly (number | null)[];
  readonly masked: readonly boolean[];
  readonly reconstruction: readonly (number | null)[];
}
