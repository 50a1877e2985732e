import type { Interrupt, TextOutput } from '@patchbert/command-line';
import type { ProgressEvent } from '../output/progress.ts';
import { interrupted } from './interrupted.ts';

/** What a command has around it. */
export interface Session {
  /** The command as the user typed it, for the receipt. */
  readonly command: string;
  readonly interrupt: Interrupt;
  readonly stdout: TextOutput;
  onEvent(event: ProgressEvent): void;
  /** Ends the progress and writes the result: as text, or with `--json` as the last line. */
  finish(text: string, value: object): void;
  /** Ends the progress, for a command that writes by itself. */
  closeProgress(): void;
}

/** Shows what is done of something, and is where an interrupt takes effect: between two batches nothing is half done. */
export function showDone(
  what: string,
  { interrupt, onEvent }: Session,
): (done: number, total: number) => void {
  return (done, total) => {
    if (interrupt.signal.aborted) throw interrupted('nothing was written.');
    onEvent({ type: 'progress', what, done, total });
  };
}
