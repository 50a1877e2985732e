export {
  type EmbeddingLevel,
  type EmbeddingOptions,
  type EmbeddingPooling,
  embeddingOptionsSchema,
} from './embedding-options.ts';
export { type LoadEncoderOptions, loadEncoder, type WindowEncoder } from './encoder/load-encoder.ts';
export { type ExportEncoderOptions, exportEncoder } from './export/export-encoder.ts';
export {
  type EmbeddingFormat,
  embeddingFormats,
  embeddingText,
  formatOfPath,
  type TextFormat,
} from './formats/embedding-format.ts';
export { requireNewFile, writeNewFile } from './formats/new-file.ts';
export { type WriteEmbeddingOptions, writeEmbedding } from './formats/write-embedding.ts';
export { embeddingStep } from './model/embedding-step.ts';
export { collectEmbedding } from './run/collect-embedding.ts';
export type { EmbeddedWindows, Embedding, EmbeddingBatch } from './run/embedding.ts';
export { type OpenEmbedder, type OpenEmbedderOptions, openEmbedder } from './run/open-embedder.ts';
export type { EmbeddingIndex } from './windows/embedding-index.ts';
