import { z } from 'zod';

const share = z.number().min(0).lt(1);
const deviation = z.number().min(0);

/**
 * Which augmentations `augmentSeries` applies and how strongly; strict, so that a misspelt key is an error. `false` or 0 turns
 * one off. By default: bent time, another amplitude and a little noise.
 */
export const augmentationSchema = z.strictObject({
  /** Bends time, see `timeWarp`; `false` leaves it. */
  timeWarp: z
    .union([
      z.literal(false),
      z.strictObject({
        stretch: share.default(0.1),
        shift: share.default(0.1),
        wave: share.default(0.03),
      }),
    ])
    .default({ stretch: 0.1, shift: 0.1, wave: 0.03 }),
  /** Deviation of the series' factor, see `scale`. */
  scale: deviation.default(0.1),
  /** Deviation of the noise in the unit of the values, see `jitter`; 0.05 suits values of deviation 1. */
  jitter: deviation.default(0.05),
  /** Share of the series cut off, see `crop`. */
  crop: share.default(0),
  /** Probability of a channel to be hidden, see `dropChannels`. */
  dropChannels: share.default(0),
});

/** What a user writes; everything has a default. */
export type AugmentationInput = z.input<typeof augmentationSchema>;

/** A complete configuration of augmentations. */
export type Augmentation = z.output<typeof augmentationSchema>;
