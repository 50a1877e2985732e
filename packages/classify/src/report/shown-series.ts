import type { Series, SeriesSet } from '@patchbert/data';

/** A number of a page; `null` where there is none. */
export type Shown = number | null;

/** Channels of a series that are kept for a page. */
const MOST_CHANNELS = 8;
/** Digits that a drawing can show. */
const DIGITS = 6;

/** The channels of a series as a page draws them: missing points null, numbers short. */
export function shownChannels(
  { values }: Series,
  { channels }: SeriesSet,
): { readonly name: string; readonly values: readonly Shown[] }[] {
  return values
    .slice(0, MOST_CHANNELS)
    .map((column, c) => ({ name: channels[c]!, values: Array.from(column, shownNumber) }));
}

export function shownNumber(value: number): Shown {
  return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null;
}
