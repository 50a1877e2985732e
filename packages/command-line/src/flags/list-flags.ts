import { InvalidArgumentError } from 'commander';

/** Parser of a flag that takes names separated by commas. */
export function commaSeparated(text: string): string[] {
  const names = parts(text);
  if (names.every((name) => name !== '')) return names;
  throw new InvalidArgumentError('Expected names separated by commas.');
}

/**
 * Parser of a flag that takes a list of whatever `each` reads, such as `96,192`; nothing may stand in it twice.
 *
 * @example
 * listOf(wholeNumber(1))('96,192'); // [96, 192]
 */
export function listOf<T>(each: (text: string) => T): (text: string) => T[] {
  return (text) => {
    const values = parts(text).map(each);
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined) throw new InvalidArgumentError(`${twice} stands there twice; name it once.`);
    return values;
  };
}

function parts(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}
