/** A time stamp as read: milliseconds since 1970-01-01 UTC, and whether it named its zone. */
export interface ParsedTime {
  readonly time: number;
  readonly zoned: boolean;
}

const STAMP =
  /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?(Z|[+-]\d{2}(?::?\d{2})?))?)?$/;

/**
 * Reads ISO 8601 and its everyday relatives, year first: `2016-07-01`, `2016-07-01 00:15:00`,
 * `2016-07-01T00:15:00.5Z`, `2016-07-01T02:15+02:00`, `2016/7/1 0:15`. Without a zone the time counts as UTC.
 * Undefined for any other text, a day that does not exist, hour 24 or second 60.
 *
 * @example
 * parseTime('2016-07-01 00:15:00'); // { time: 1467332100000, zoned: false }
 */
export function parseTime(text: string): ParsedTime | undefined {
  const match = STAMP.exec(text);
  if (match === null) return undefined;
  const [, year, , month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const midnight = new Date(0).setUTCFullYear(y, m - 1, d);
  const date = new Date(midnight);
  if (date.getUTCFullYear() !== y || date.getUTCMonth() !== m - 1 || date.getUTCDate() !== d)
    return undefined;
  const [h, min, s] = [Number(hour), Number(minute), Number(second)];
  if (h > 23 || min > 59 || s > 59) return undefined;
  const offset = zoneMinutes(zone);
  if (offset === undefined) return undefined;
  const milliseconds = Math.floor(Number(`0.${fraction || '0'}`) * 1000);
  const time = midnight + ((h * 60 + min - offset) * 60 + s) * 1000 + milliseconds;
  return { time, zoned: zone !== undefined };
}

/** Minutes east of UTC; undefined when no zone is that far. */
function zoneMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || '0');
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
