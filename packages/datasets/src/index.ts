export { loadBundled } from './bundled/load-bundled.ts';
export {
  type OpenClassificationOptions,
  type OpenedClassificationDataset,
  openClassificationDataset,
} from './open-classification-dataset.ts';
export {
  type DatasetSource,
  type OpenedForecastingDataset,
  openForecastingDataset,
} from './open-forecasting-dataset.ts';
export type {
  ClassificationDataset,
  DatasetFile,
  ForecastingDataset,
  SplitProtocol,
  StandardDataset,
} from './registry/dataset.ts';
export { datasetSplit } from './registry/dataset-split.ts';
export { findDataset, standardDatasets } from './registry/standard-datasets.ts';
export type { SourceFile } from './resolve/describe-file.ts';
export { type DownloadRequest, downloadFile } from './resolve/download-file.ts';
export {
  type FileOrigin,
  type ResolvedDataset,
  type ResolvedFile,
  type ResolveOptions,
  resolveDataset,
} from './resolve/resolve-dataset.ts';
