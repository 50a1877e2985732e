import { type ConfigSchema, PatchBertError, parseConfig } from '@patchbert/errors';

/**
 * Checks settings that came from flags and file together; an error names a setting by its flag where `flagOf` knows
 * one.
 *
 * @throws PatchBertError as `parseConfig`.
 * @example
 * parseSettings(schema, { data: { source: '' } }, (path) => (path === 'data.source' ? '--data' : undefined));
 */
export function parseSettings<Output>(
  schema: ConfigSchema<Output>,
  input: unknown,
  flagOf: (path: string) => string | undefined,
): Output {
  try {
    return parseConfig(schema, input, 'settings');
  } catch (error) {
    if (!(error instanceof PatchBertError)) throw error;
    const message = error.message
      .replace(/^settings: /, '')
      .replace(/"([\w.]+)": /g, (setting, path: string) => {
        const flag = flagOf(path);
        return flag === undefined ? setting : `${flag}: `;
      });
    throw new PatchBertError(error.code, message);
  }
}
