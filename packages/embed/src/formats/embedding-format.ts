import { extname } from 'node:path';
import type { Embedding } from '../run/embedding.ts';
import { csvTable } from './csv-table.ts';
import { jsonLines } from './json-lines.ts';
import { parquetFile } from './parquet-file.ts';
import { safetensorsFile } from './safetensors-file.ts';

/** What vectors are written as; `json` has an object per line. */
export const embeddingFormats = ['safetensors', 'parquet', 'json', 'csv'] as const;

export type EmbeddingFormat = (typeof embeddingFormats)[number];

const extensions: Readonly<Record<string, EmbeddingFormat>> = {
  '.safetensors': 'safetensors',
  '.parquet': 'parquet',
  '.pq': 'parquet',
  '.json': 'json',
  '.jsonl': 'json',
  '.ndjson': 'json',
  '.csv': 'csv',
};

/** The format that a path's extension says; undefined for another one. */
export function formatOfPath(path: string): EmbeddingFormat | undefined {
  return extensions[extname(path).toLowerCase()];
}

/** Formats that are text. */
export type TextFormat = Extract<EmbeddingFormat, 'json' | 'csv'>;

const texts = { json: jsonLines, csv: csvTable } as const;
const files = { ...texts, parquet: parquetFile, safetensors: safetensorsFile } as const;

/**
 * The vectors as text, piece by piece, as they are computed.
 *
 * @example
 * for await (const text of embeddingText(embedder.embed(panel), 'json')) process.stdout.write(text);
 */
export function embeddingText(
  embedding: Embedding,
  format: TextFormat,
): AsyncGenerator<string, void, undefined> {
  return texts[format](embedding);
}

/** The bytes of a file of vectors, piece by piece, as they are computed. */
export function embeddingFile(
  embedding: Embedding,
  format: EmbeddingFormat,
): AsyncGenerator<string | Uint8Array, void, undefined> {
  return files[format](embedding);
}
