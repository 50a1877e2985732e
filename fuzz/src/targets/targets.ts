import type { FuzzTarget } from '../fuzz-target.ts';
import { modelConfiguration, safetensors } from './model-targets.ts';
import { longParquet, parquet } from './parquet-targets.ts';
import { arff, labelledCsv, ts, ucr, ucrUnlabelled } from './series-targets.ts';
import { csv, csvWithoutHeader, longCsv, times, tsf } from './table-targets.ts';

/** Everything that is fuzzed by `npm run fuzz` and, for a short time, by the tests. */
export const fuzzTargets: readonly FuzzTarget[] = [
  csv,
  csvWithoutHeader,
  longCsv,
  times,
  tsf,
  ucr,
  ucrUnlabelled,
  ts,
  arff,
  labelledCsv,
  parquet,
  longParquet,
  safetensors,
  modelConfiguration,
];
