export { adapters, defaultBackend } from './backends/adapters.ts';
export { addBackendsCommand, type BackendsFlags, runBackends } from './backends/backends-command.ts';
export {
  askedBackend,
  type BackendRequest,
  type ChosenBackend,
  chooseBackend,
} from './backends/choose-backend.ts';
export { type InspectedBackend, type InspectionOptions, inspectBackend } from './backends/inspect-backend.ts';
export { type ListedBackend, listBackends } from './backends/list-backends.ts';
export { openBackend } from './backends/open-backend.ts';
export { type RecordedBackend, recordedBackend } from './backends/recorded-backend.ts';
export { threadAdvice } from './backends/thread-advice.ts';
export type { DataPlaces, DataRequest } from './data/data-request.ts';
export { isDatasetName } from './data/known-names.ts';
export { openData } from './data/open-data.ts';
export { openSeries } from './data/open-series.ts';
export type { OpenedData } from './data/opened-data.ts';
export type { OpenedSeries } from './data/opened-series.ts';
export type { SeriesRequest } from './data/series-request.ts';
export { withRegularTimes } from './data/with-regular-times.ts';
export { describeError, usageError } from './errors/describe-error.ts';
export { exitCodes } from './errors/exit-codes.ts';
export { backendFlag } from './flags/backend-flag.ts';
export { addDataFlags, addTableFlags, type DataFlags, type TableFlags } from './flags/data-flags.ts';
export { flagName } from './flags/flag-name.ts';
export { commaSeparated, listOf } from './flags/list-flags.ts';
export { finiteNumber, numberBetween, positiveNumber, wholeNumber } from './flags/number-flags.ts';
export { runCommand } from './flags/run-command.ts';
export { addSeriesFlags, type SeriesFlagChoices, type SeriesFlags } from './flags/series-flags.ts';
export { shellWord } from './flags/shell-word.ts';
export { choice } from './flags/text-flags.ts';
export { chooseOutputFolder } from './folders/choose-output-folder.ts';
export { formatCount } from './output/format-count.ts';
export { formatDuration } from './output/format-duration.ts';
export {
  type StatusLine,
  type Streams,
  silentOutput,
  statusLine,
  type TextOutput,
} from './output/status-line.ts';
export { table } from './output/table.ts';
export { type Interrupt, type InterruptTexts, listenForInterrupt } from './process/listen-for-interrupt.ts';
export { tolerateClosedReaders } from './process/tolerate-closed-readers.ts';
export { defined } from './settings/defined.ts';
export { parseSettings } from './settings/parse-settings.ts';
export { readJsonFile } from './settings/read-json-file.ts';
