import type { PreparedEvent, PretrainEvent, StepEvent } from '@patchbert/train';
import { formatDuration } from './durations.ts';

/** Where progress goes: a terminal gets a status line that changes in place, anything else plain lines. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Progress {
  onEvent(event: PretrainEvent): void;
  /** A line between the progress. */
  say(line: string): void;
  /** Ends the status line. */
  close(): void;
}

/** Milliseconds between status lines on a terminal, and between plain lines elsewhere. */
const terminalInterval = 100;
const plainInterval = 10_000;

/** Shows a run on `output`: what was prepared, loss, rate and time left, validations, warnings. */
export function showProgress(output: ProgressOutput): Progress {
  const isTerminal = output.isTTY === true;
  let status = '';
  let shownAt = Number.NEGATIVE_INFINITY;
  const erase = () => {
    if (status !== '') output.write('\r\u001b[2K');
  };
  const say = (line: string) => {
    erase();
    output.write(`${line}\n${status}`);
  };
  const onStep = (event: StepEvent) => {
    const now = performance.now();
    const isEnd = event.step === event.steps;
    if (now - shownAt < (isTerminal ? terminalInterval : plainInterval) && !isEnd) return;
    shownAt = now;
    const line = stepLine(event);
    if (!isTerminal) {
      say(line);
      return;
    }
    erase();
    status = line.slice(0, (output.columns || 80) - 1);
    output.write(status);
  };
  return {
    say,
    onEvent(event) {
      if (event.type === 'step') onStep(event);
      else for (const line of eventLines(event)) say(line);
    },
    close() {
      erase();
      status = '';
    },
  };
}

function eventLines(event: Exclude<PretrainEvent, StepEvent>): readonly string[] {
  switch (event.type) {
    case 'prepared':
      return preparedLines(event);
    case 'measured':
      return [`${event.stepsPerSecond.toFixed(1)} steps/s measured: ${count(event.steps)} steps fit`];
    case 'resumed':
      return [
        `resumed after step ${count(event.step)}`,
        ...(event.exact ? [] : ['warning: another engine than before; the run goes on, but not bit for bit']),
      ];
    case 'validation':
      return [
        `step ${count(event.step)}  validation error ${event.maskedError.toFixed(4)}${event.best ? '  best' : ''}`,
      ];
    case 'warning':
      return [`warning: ${event.message}`];
    case 'checkpoint':
    case 'evaluation':
      return [];
  }
}

function preparedLines(event: PreparedEvent): readonly string[] {
  const channels = event.channels.length === 1 ? '1 channel' : `${count(event.channels.length)} channels`;
  return [
    `data     ${count(event.rows)} rows of ${channels}; ${count(event.trainRows)} train, ${count(event.validationRows)} validate`,
    `model    ${count(event.parameters)} parameters; ${event.maskedPatches} of ${event.patchCount} patches hidden`,
    `backend  ${event.backend}: ${event.engine}`,
    `run      ${event.runFolder}`,
  ];
}

function stepLine({ step, steps, loss, seriesPerSecond, secondsLeft }: StepEvent): string {
  const share = `${Math.floor((100 * step) / steps)} %`;
  const done = `step ${count(step)} of ${count(steps)}  ${share}  loss ${loss.toFixed(4)}  ${count(seriesPerSecond)} series/s`;
  return step === steps ? done : `${done}  ${formatDuration(secondsLeft)} left`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
