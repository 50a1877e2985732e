import { didYouMean, PatchBertError } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';
import { createFrame, type Frame } from './frame.ts';

/**
 * The named channels, in the order given; the columns are shared, nothing is copied.
 *
 * @throws PatchBertError `data/unknown-channel` with the nearest name; `data/bad-frame` for none or a repeat.
 * @example
 * const oil = selectChannels(frame, ['OT']);
 */
export function selectChannels(frame: Frame, names: readonly string[]): Frame {
  const columns = names.map((name) => frame.columns[channelIndex('selectChannels', frame.channels, name)]!);
  return createFrame({ ...frame, channels: names, columns });
}

/** Index of a channel by name, or `data/unknown-channel` with the nearest name. */
export function channelIndex(where: string, channels: readonly string[], name: string): number {
  const index = channels.indexOf(name);
  if (index >= 0) return index;
  const hint = didYouMean(name, channels) || ` Channels: ${listNames(channels)}.`;
  throw new PatchBertError(
    'data/unknown-channel',
    `${where}: there is no channel ${JSON.stringify(name)}.${hint}`,
  );
}

/** At most 12 names, so that a message about a file with 800 channels stays one line. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 12).map(showText);
  return names.length > 12 ? `${shown.join(', ')} and ${names.length - 12} more` : shown.join(', ');
}
