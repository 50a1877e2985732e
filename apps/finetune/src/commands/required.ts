import { flagName, usageError } from '@patchbert/command-line';

/**
 * The value of a flag that a command cannot do without.
 *
 * @throws PatchBertError `command-line/usage` with what the flag is for.
 */
export function required<Flags extends object, Name extends keyof Flags & string>(
  flags: Flags,
  name: Name,
  what: string,
): NonNullable<Flags[Name]> {
  const value = flags[name];
  if (value === undefined || value === null) throw usageError(`${flagName(name)} is missing: ${what}.`);
  return value;
}
