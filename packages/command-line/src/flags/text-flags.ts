import { didYouMean } from '@patchbert/errors';
import { InvalidArgumentError, Option } from 'commander';

/** An option with `choices`, and a suggestion in its error. */
export function choice(flags: string, description: string, choices: readonly string[]): Option {
  const option = new Option(flags, `${description}; one of ${choices.join(', ')}`);
  return option.argParser((text: string) => {
    if (choices.includes(text)) return text;
    throw new InvalidArgumentError(
      `${didYouMean(text, choices).trim() || `Choose one of ${choices.join(', ')}.`}`,
    );
  });
}

/** Parser of a flag that takes one character; `tab` is one. */
export function oneCharacter(text: string): string {
  const character = text === 'tab' || text === '\\t' ? '\t' : text;
  if (character.length === 1) return character;
  throw new InvalidArgumentError('Expected one character, or "tab".');
}
