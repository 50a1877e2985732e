import { standardDatasets } from '@patchbert/datasets';

/** Names of the data sets that are one long series. */
export function seriesNames(): string[] {
  return standardDatasets.filter(({ task }) => task === 'forecasting').map(({ name }) => name);
}

/** Whether a source names a data set rather than a file. */
export function isDatasetName(source: string): boolean {
  return standardDatasets.some(({ name }) => name === source);
}
