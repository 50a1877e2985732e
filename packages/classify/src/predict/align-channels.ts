import { createSeriesSet, type SeriesSet } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';

/**
 * The set with its channels in the order a model was fitted with; they are known by name.
 *
 * @throws PatchBertError `classify/other-channels` unless the set has these channels and no others.
 */
export function alignChannels(set: SeriesSet, channels: readonly string[]): SeriesSet {
  const order = channels.map((name) => set.channels.indexOf(name));
  if (order.includes(-1) || set.channels.length !== channels.length) {
    throw new PatchBertError(
      'classify/other-channels',
      `alignChannels: ${JSON.stringify(set.name)} has ${named(set.channels)}, and the model was fitted on ${named(channels)}; expected ` +
        'the same channels by name, in any order.',
    );
  }
  if (order.every((place, channel) => place === channel)) return set;
  return createSeriesSet({
    ...set,
    channels,
    series: set.series.map(({ id, values }) => ({ id, values: order.map((place) => values[place]!) })),
  });
}

/** Training series as an encoder was pretrained: in its order where the channels have the same names, else as they are. */
export function inOrderOf(
  pretrained: { readonly inputs: { readonly channels: readonly string[] } } | undefined,
  set: SeriesSet,
): SeriesSet {
  const channels = pretrained?.inputs.channels ?? set.channels;
  const isSame =
    channels.length === set.channels.length && channels.every((name) => set.channels.includes(name));
  return isSame ? alignChannels(set, channels) : set;
}

const MOST_NAMES = 4;

function named(channels: readonly string[]): string {
  const shown = channels.slice(0, MOST_NAMES).map((name) => JSON.stringify(name));
  const more = channels.length > MOST_NAMES ? ', ...' : '';
  return `${channels.length} channel${channels.length === 1 ? '' : 's'} (${shown.join(', ')}${more})`;
}
