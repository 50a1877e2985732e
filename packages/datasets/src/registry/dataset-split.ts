import { borderSplit, ettSplit, ratioSplit, type Split } from '@patchbert/data';
import type { ForecastingDataset } from './dataset.ts';

/**
 * The published split of a forecasting data set with `length` rows.
 *
 * @throws PatchBertError `data/wrong-rate` or `data/bad-split` when the length does not fit.
 * @example
 * datasetSplit(dataset, frame.length).test;
 */
export function datasetSplit({ protocol }: ForecastingDataset, length: number): Split {
  switch (protocol.kind) {
    case 'ett':
      return ettSplit(protocol.rowsPerHour, length);
    case 'ratio':
      return ratioSplit(length, protocol);
    case 'borders':
      return borderSplit(protocol);
  }
}
