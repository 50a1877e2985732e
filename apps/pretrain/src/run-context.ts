import type { Interrupt } from '@patchbert/command-line';

/** What a run of the program is told besides its flags. */
export interface RunContext<Event> {
  /** The command as the user typed it, for the receipt. */
  readonly command: string;
  readonly interrupt: Interrupt;
  readonly onEvent: (event: Event) => void;
}
