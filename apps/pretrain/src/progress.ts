import { formatCount, formatDuration, statusLine, type TextOutput } from '@patchbert/command-line';
import type { SeriesPreparedEvent, SeriesRunEvent } from '@patchbert/series';
import type { PreparedEvent, PretrainEvent, StepEvent } from '@patchbert/train';

export interface Progress {
  onEvent(event: PretrainEvent | SeriesRunEvent): void;
  /** A line between the progress. */
  say(line: string): void;
  /** Ends the status line. */
  close(): void;
}

/** Shows a run on `output`: what was prepared, loss, rate and time left, validations, warnings. */
export function showProgress(output: TextOutput): Progress {
  const { say, show, close } = statusLine(output);
  return {
    say,
    close,
    onEvent(event) {
      if (event.type === 'step') show(() => stepLine(event), event.step === event.steps);
      else for (const line of eventLines(event)) say(line);
    },
  };
}

function eventLines(event: Exclude<PretrainEvent | SeriesRunEvent, StepEvent>): readonly string[] {
  switch (event.type) {
    case 'prepared':
      return 'heldOutSeries' in event ? preparedSeriesLines(event) : preparedLines(event);
    case 'measured':
      return [`${event.stepsPerSecond.toFixed(1)} steps/s measured: ${formatCount(event.steps)} steps fit`];
    case 'resumed':
      return [
        `resumed after step ${formatCount(event.step)}`,
        ...(event.exact
          ? []
          : ['warning: another engine than before; the run goes on, but is not bit-exact']),
      ];
    case 'validation':
      return [
        `step ${formatCount(event.step)}  validation error ${event.maskedError.toFixed(4)}${event.best ? '  best' : ''}`,
      ];
    case 'rollback':
      return [
        `diverged: ${event.what} at step ${formatCount(event.divergedAt)}; back to step ${formatCount(event.toStep)}, learning rates times ${event.rateScale} from there on (${event.rollbacksLeft} more rollbacks allowed)`,
      ];
    case 'warning':
      return [`warning: ${event.message}`];
    case 'checkpoint':
    case 'evaluation':
      return [];
  }
}

function preparedLines(event: PreparedEvent): readonly string[] {
  return [
    `data     ${formatCount(event.rows)} rows of ${channelsText(event.channels)}; ${formatCount(event.trainRows)} train, ${formatCount(event.validationRows)} validate`,
    `model    ${formatCount(event.parameters)} parameters; ${event.maskedPatches} of ${event.patchCount} patches hidden`,
    `backend  ${event.backend}: ${event.engine}`,
    `run      ${event.runFolder}`,
  ];
}

function preparedSeriesLines(event: SeriesPreparedEvent): readonly string[] {
  const { shortest, longest, heldOutSeries, patchLength, patchStride } = event;
  const points =
    shortest === longest ? formatCount(longest) : `${formatCount(shortest)} to ${formatCount(longest)}`;
  const judges = heldOutSeries > 0 ? `${formatCount(heldOutSeries)} held out` : 'too few to hold some out';
  return [
    `data     ${formatCount(event.series)} series of ${points} points, ${channelsText(event.channels)}; ${judges}`,
    `model    ${formatCount(event.parameters)} parameters; ${formatCount(event.patchCount)} patches of ${patchLength} points every ${patchStride}`,
    `backend  ${event.backend}: ${event.engine}`,
    `run      ${event.runFolder}`,
  ];
}

function channelsText(channels: readonly string[]): string {
  return channels.length === 1 ? '1 channel' : `${formatCount(channels.length)} channels`;
}

function stepLine({ step, steps, loss, seriesPerSecond, secondsLeft }: StepEvent): string {
  const share = `${Math.floor((100 * step) / steps)} %`;
  const done = `step ${formatCount(step)} of ${formatCount(steps)}  ${share}  loss ${loss.toFixed(4)}  ${formatCount(seriesPerSecond)} series/s`;
  return step === steps ? done : `${done}  ${formatDuration(secondsLeft)} left`;
}
