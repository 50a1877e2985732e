import type { FitEvent as SeriesFitEvent } from '@patchbert/classify';
import { formatCount, formatDuration, statusLine, type TextOutput } from '@patchbert/command-line';
import type { ForecastEvent } from '@patchbert/forecast';
import type { PretrainEvent } from '@patchbert/train';

/** What happens while a command runs; `pretraining` is the run that comes first when there is none. */
export type ProgressEvent =
  | ForecastEvent
  | SeriesFitEvent
  | { readonly type: 'pretraining'; readonly event: PretrainEvent };

export interface Progress {
  onEvent(event: ProgressEvent): void;
  /** A line between the progress. */
  say(line: string): void;
  /** Ends the status line. */
  close(): void;
}

/** Shows a command on `output`: its stages, how much of each is done, losses, warnings. */
export function showProgress(output: TextOutput): Progress {
  const { say, show, close } = statusLine(output);
  return {
    say,
    close,
    onEvent(event) {
      switch (event.type) {
        case 'prepared':
        case 'stage':
          return say(event.text);
        case 'validation':
          return say(
            `step ${formatCount(event.step)}  validation error ${event.error.toFixed(4)}${event.best ? '  best' : ''}`,
          );
        case 'warning':
          return say(`warning: ${event.message}`);
        case 'progress':
          return show(() => `${event.what}  ${share(event.done, event.total)}`);
        case 'step':
          return show(() => stepLine(event.what, event), event.step === event.steps);
        case 'pretraining':
          return onPretraining(event.event);
        case 'result':
          return undefined;
      }
    },
  };

  function onPretraining(event: PretrainEvent): void {
    if (event.type === 'step') show(() => stepLine('pretraining', event), event.step === event.steps);
    else if (event.type === 'warning') say(`warning: ${event.message}`);
    else if (event.type === 'prepared') {
      say(`pretraining ${formatCount(event.parameters)} parameters on ${formatCount(event.trainRows)} rows`);
    }
  }
}

interface StepFacts {
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  readonly secondsLeft?: number;
}

function stepLine(of: string, event: StepFacts): string {
  const { step, steps, loss } = event;
  const done = `${of}  step ${formatCount(step)} of ${formatCount(steps)}  ${share(step, steps)}  loss ${loss.toFixed(4)}`;
  return step === steps ? done : `${done}${left(event.secondsLeft)}`;
}

function share(done: number, total: number): string {
  return `${total > 0 ? Math.floor((100 * done) / total) : 100} %`;
}

function left(secondsLeft: number | undefined): string {
  return secondsLeft === undefined ? '' : `  ${formatDuration(secondsLeft)} left`;
}
