export { readTs, readTsStream } from './aeon/read-ts.ts';
export { readArff, readArffStream } from './arff/read-arff.ts';
export {
  type CsvOptions,
  csvOptionsSchema,
  type LongCsvOptions,
  longCsvOptionsSchema,
} from './csv/csv-options.ts';
export { type CsvColumn, formatCsv } from './csv/format-csv.ts';
export { type ParsedTime, parseTime } from './csv/parse-time.ts';
export { readCsv, readLongCsv } from './csv/read-csv.ts';
export { readCsvStream, readLongCsvStream } from './csv/read-csv-stream.ts';
export { hashFile } from './files/hash-file.ts';
export { whileUnchanged } from './files/while-unchanged.ts';
export { type ChannelDescription, describeFrame, type FrameDescription } from './frame/describe-frame.ts';
export { createFrame, type Frame, type FrameParts } from './frame/frame.ts';
export { createPanel, type Panel, panelOf, type Segment, segmentFrame } from './frame/panel.ts';
export type { Rows } from './frame/rows.ts';
export { selectChannels } from './frame/select-channels.ts';
export { sliceFrame } from './frame/slice-frame.ts';
export { stackFrames } from './frame/stack-frames.ts';
export {
  type LabelledCsvOptions,
  labelledCsvOptionsSchema,
} from './labelled/labelled-csv-options.ts';
export { readLabelledCsv, readLabelledCsvStream } from './labelled/read-labelled-csv.ts';
export {
  type LongParquetOptions,
  longParquetOptionsSchema,
  type ParquetOptions,
  parquetOptionsSchema,
} from './parquet/parquet-options.ts';
export { readLongParquet, readParquet } from './parquet/read-parquet.ts';
export {
  type EvaluationBatches,
  evaluationBatches,
  type WeightedBatch,
} from './sampling/evaluation-batches.ts';
export type { Sampling, SamplingOptions, SeriesSample } from './sampling/series-sample.ts';
export { type SeriesSampler, type SeriesSamplerOptions, seriesSampler } from './sampling/series-sampler.ts';
export { applyScaler, fitScaler, invertScaler, type Scaler } from './scaling/scaler.ts';
export { classIndices } from './series/class-indices.ts';
export { type ClassesOptions, classesOf } from './series/classes-of.ts';
export { describeSeriesSet, type SeriesSetDescription } from './series/describe-series-set.ts';
export {
  type ReadSeriesSetOptions,
  readSeriesSet,
  readSeriesSetOptionsSchema,
  type SeriesFormat,
} from './series/read-series-set.ts';
export { selectSeries } from './series/select-series.ts';
export { longestSeries, shortestSeries } from './series/series-lengths.ts';
export { createSeriesSet, type Series, type SeriesSet } from './series/series-set.ts';
export {
  type SeriesReadOptions,
  seriesReadOptionsSchema,
  type TargetKind,
  type UcrReadOptions,
  ucrReadOptionsSchema,
} from './series/target-kind.ts';
export { type WindowsAsSeriesOptions, windowsAsSeries } from './series/windows-as-series.ts';
export { contextStart } from './splitting/context-start.ts';
export { ettSplit } from './splitting/ett-split.ts';
export { type Ratios, ratioSplit } from './splitting/ratio-split.ts';
export { type Borders, borderSplit, partsInOrder, type Split } from './splitting/split.ts';
export { type SplitFrames, splitFrame } from './splitting/split-frame.ts';
export { splitSegments } from './splitting/split-segments.ts';
export { type CalendarCycle, type CalendarFeatures, calendarFeatures } from './times/calendar-features.ts';
export { futureTimes } from './times/future-times.ts';
export { type RegularFrame, type RegulariseOptions, regulariseTimes } from './times/regularise-times.ts';
export { readTsf, readTsfStream, type TsfData } from './tsf/read-tsf.ts';
export { readUcr, readUcrStream } from './ucr/read-ucr.ts';
export { readWindow } from './windows/read-window.ts';
export {
  gridWindowCount,
  type WindowGrid,
  type WindowGridOptions,
  type WindowPlace,
  windowCount,
  windowGrid,
  windowPlace,
  windowStart,
} from './windows/window-grid.ts';
