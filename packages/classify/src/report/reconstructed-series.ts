import type { SeriesPoints } from '@patchbert/augment';
import type { Backend } from '@patchbert/backend';
import { type SeriesSet, selectSeries } from '@patchbert/data';
import type { HostTensors } from '@patchbert/ops';
import { deriveKey, type RandomKey } from '@patchbert/random';
import {
  canReconstruct,
  hideCells,
  openReconstructor,
  pretrainingPoints,
  type SeriesInputs,
} from '@patchbert/series';
import { type Shown, shownNumber } from './shown-series.ts';

/** One channel of a series of which parts were hidden, and what a pretrained encoder drew there; scaled, as the encoder reads it. */
export interface ShownReconstruction {
  readonly title: string;
  readonly channel: string;
  readonly values: readonly Shown[];
  readonly reconstruction: readonly Shown[];
  readonly hidden: readonly boolean[];
}

/** Series that are shown, one channel each. */
const MOST_SERIES = 4;
/** Share that is hidden of those. */
const HIDDEN = 0.4;

export interface ReconstructionOptions {
  readonly inputs: SeriesInputs;
  /** Of the encoder and of what pretraining reconstructed with; without the latter nothing is drawn. */
  readonly parameters: HostTensors;
  readonly set: SeriesSet;
  /** What a title calls a series of the set. */
  readonly part: 'train' | 'test';
  readonly backend: Backend;
  readonly key: RandomKey;
}

/** Hides parts of some series, evenly spread over the set, and lets a pretrained encoder fill them in. */
export async function reconstructedSeries(options: ReconstructionOptions): Promise<ShownReconstruction[]> {
  const { inputs, parameters, backend, key, part } = options;
  if (!canReconstruct(parameters)) return [];
  const count = Math.min(MOST_SERIES, options.set.series.length);
  const step = options.set.series.length / count;
  const set = selectSeries(
    options.set,
    Array.from({ length: count }, (_, i) => Math.floor(i * step)),
  );
  const hidden = pretrainingPoints(set, inputs).map((points, i) =>
    hideCells(points, inputs, HIDDEN, deriveKey(key, i)),
  );
  const masked = hidden.map((one) => one.masked);
  const reconstructor = await openReconstructor({ backend, inputs, parameters, batchSize: count });
  try {
    const drawn = await reconstructor.reconstruct(masked);
    return set.series.map(({ id }, i) => ({
      title: `${part} series ${id}`,
      ...shownChannel(hidden[i]!.original, masked[i]!, drawn[i]!, i % inputs.channels.length, inputs),
    }));
  } finally {
    reconstructor.dispose();
  }
}

function shownChannel(
  whole: SeriesPoints,
  masked: SeriesPoints,
  drawn: Float32Array,
  channel: number,
  { channels }: SeriesInputs,
): Omit<ShownReconstruction, 'title'> {
  const { length } = whole;
  const extent = whole.visible.subarray(channel * length, (channel + 1) * length).lastIndexOf(1) + 1;
  const points = Array.from({ length: extent }, (_, point) => channel * length + point);
  return {
    channel: channels.length === 1 ? '' : channels[channel]!,
    values: points.map((i) => (whole.visible[i] === 1 ? shownNumber(whole.values[i]!) : null)),
    reconstruction: points.map((i) => shownNumber(drawn[i]!)),
    hidden: points.map((i) => whole.visible[i] === 1 && masked.visible[i] === 0),
  };
}
