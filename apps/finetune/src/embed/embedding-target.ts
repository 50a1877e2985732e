import { usageError } from '@patchbert/command-line';
import { type EmbeddingFormat, formatOfPath, requireNewFile, type TextFormat } from '@patchbert/embed';
import type { EmbedFlags } from '../flags/embed-flags.ts';

/** Where vectors go: a new file, or text on standard output. */
export type EmbeddingTarget =
  | { readonly path: string; readonly format: EmbeddingFormat }
  | { readonly path?: undefined; readonly format: TextFormat };

/**
 * Where the flags say that vectors go, checked before any work.
 *
 * @throws PatchBertError `command-line/usage` for a format that the name of the file contradicts or that is no text;
 * `embed/output` for a file that is there or cannot be made.
 */
export async function embeddingTarget({
  format: asked,
  output,
}: Pick<EmbedFlags, 'format' | 'output'>): Promise<EmbeddingTarget> {
  if (output === undefined || output === '-') {
    const format = asked ?? 'csv';
    if (isText(format)) return { format };
    throw usageError(`--format ${format} is no text: name a file behind --output.`);
  }
  const byName = formatOfPath(output);
  if (asked !== undefined && byName !== undefined && asked !== byName) {
    throw usageError(
      `--format ${asked} and --output ${output} contradict each other: leave --format out, or choose another name.`,
    );
  }
  await requireNewFile(output);
  return { path: output, format: asked ?? byName ?? 'csv' };
}

function isText(format: EmbeddingFormat): format is TextFormat {
  return format === 'csv' || format === 'json';
}
