import { showText } from '../csv/csv-place.ts';
import { parseNumber } from '../csv/parse-number.ts';
import { parseTime } from '../csv/parse-time.ts';
import type { LineError } from '../files/line-error.ts';
import { badValue, parseValue } from '../series/parse-values.ts';
import { MOST_CHANNELS } from '../series/series-collector.ts';
import type { TimeKind } from '../times/first-irregular.ts';
import { checkRegular, type StampedValues } from './check-regular.ts';

/**
 * The channels of a line with time stamps, such as `(0,1.5),(1,1.7):(0,3),(1,?):label`, and what stands after the last colon.
 * An empty channel, or `?`, has no point.
 */
export function stampedChannels(
  fail: LineError,
  line: number,
  text: string,
  hasAnswer: boolean,
  tooManyChannels: () => Error,
): { channels: readonly Float32Array[]; answer: string } {
  const channels: StampedValues[] = [];
  let place = 0;
  while (true) {
    if (channels.length > MOST_CHANNELS) throw tooManyChannels();
    place = skipBlanks(text, place);
    if (text[place] !== '(') {
      const end = text.indexOf(':', place);
      if (end < 0 && hasAnswer) break;
      const part = text.slice(place, end < 0 ? text.length : end).trim();
      if (part !== '' && part !== '?') {
        const problem = `channel ${channels.length + 1} is ${showText(part)}; expected points such as (0,1.5),(1,1.7), as @timeStamps is true.`;
        throw fail(line, problem);
      }
      channels.push({ times: [], values: [], kind: undefined });
      if (end < 0) break;
      place = end + 1;
      continue;
    }
    const read = readChannel(fail, line, text, place, channels.length + 1);
    channels.push(read.channel);
    if (read.end < text.length) place = read.end + 1;
    else if (hasAnswer)
      throw fail(
        line,
        'has no label after its last channel; expected a colon and the label.',
        'data/missing-label',
      );
    else break;
  }
  if (channels.length === 0) {
    throw fail(line, `${showText(text)} has no colon; expected points, a colon and the label.`);
  }
  checkRegular(fail, line, channels);
  return {
    channels: channels.map(({ values }) => Float32Array.from(values)),
    answer: hasAnswer ? text.slice(place) : '',
  };
}

/** One channel from its first `(` on; `end` is the place of the colon after it, or the end of the text. */
function readChannel(
  fail: LineError,
  line: number,
  text: string,
  start: number,
  number: number,
): { channel: StampedValues; end: number } {
  const [times, values]: [number[], number[]] = [[], []];
  let kind: StampedValues['kind'];
  let place = start;
  while (true) {
    const where = () => `channel ${number}, point ${values.length + 1}`;
    const close = text[place] === '(' ? text.indexOf(')', place) : -1;
    const comma = close < 0 ? -1 : text.lastIndexOf(',', close);
    if (comma <= place) {
      throw fail(
        line,
        `${where()}: expected a time and a value in parentheses, found ${showText(text.slice(place, place + 41))}.`,
      );
    }
    const stamp = text.slice(place + 1, comma).trim();
    const time = parseStamp(stamp);
    if (time === undefined || (kind !== undefined && time.kind !== kind)) {
      throw fail(
        line,
        `${where()}: ${showText(stamp)} is not a time; expected all numbers, or all dates such as 2007-01-01 00:15:00.`,
      );
    }
    kind = time.kind;
    const cell = text.slice(comma + 1, close);
    const value = parseValue(cell);
    if (value === undefined) throw badValue(fail, line, where(), cell);
    times.push(time.time);
    values.push(value);
    place = skipBlanks(text, close + 1);
    if (place >= text.length || text[place] === ':') return { channel: { times, values, kind }, end: place };
    if (text[place] !== ',') {
      throw fail(
        line,
        `after channel ${number}, point ${values.length} stands ${showText(text.slice(place, place + 41))}; expected a comma or a colon.`,
      );
    }
    place = skipBlanks(text, place + 1);
  }
}

function parseStamp(text: string): { kind: TimeKind; time: number } | undefined {
  const number = parseNumber(text);
  if (number !== undefined) return { kind: 'number', time: number };
  const date = parseTime(text);
  return date === undefined ? undefined : { kind: 'date', time: date.time };
}

function skipBlanks(text: string, from: number): number {
  let place = from;
  while (text[place] === ' ' || text[place] === '\t') place++;
  return place;
}
