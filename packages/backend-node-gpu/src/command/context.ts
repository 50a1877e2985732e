/** Where the command writes: lines for people. */
export interface TextOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** What every part of the command is given. */
export interface Context {
  /** The folder of the user's project. */
  readonly project: string;
  /** Aborted by Ctrl-C: stop, and leave nothing half made. */
  readonly signal: AbortSignal;
  /** Whether a person watches, who wants to see a download move. */
  readonly watched: boolean;
  say(line: string): void;
}
