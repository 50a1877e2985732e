import type { OpenedData } from '@patchbert/command-line';
import { panelOf, type Ratios } from '@patchbert/data';
import {
  fittedSplits,
  type LoadedForecaster,
  readForecastReceipt,
  requireUnseenRows,
} from '@patchbert/forecast';
import { type SplitData, withSplits } from '../source/open-source.ts';

/**
 * Splits data for scoring: by the borders of the fit when the forecaster of `model` learned from them, so that no training row is
 * scored; other data by the shares of its configuration, else as published, else by time.
 */
export async function scoredData(
  model: string,
  { file, horizons }: LoadedForecaster,
  opened: OpenedData,
  shares: Ratios | undefined,
  part: 'validation' | 'test' = 'test',
): Promise<SplitData> {
  const data = withSplits(opened, shares, horizons);
  const panel = { frame: data.frame, segments: data.segments ?? panelOf(data.frame).segments };
  const fitted = { file, receipt: await readForecastReceipt(model) };
  const splits = fittedSplits(panel, fitted, data.splits);
  requireUnseenRows(panel, fitted, splits, part);
  return { ...data, splits };
}
