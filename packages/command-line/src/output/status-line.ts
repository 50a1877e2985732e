/** Where text goes: a terminal gets a status line that changes in place, anything else plain lines. */
export interface TextOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** The streams of a program: results on `stdout`, progress and errors on `stderr`. */
export interface Streams {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
}

export interface StatusLine {
  /** A line that stays, above the status. */
  say(line: string): void;
  /** The state of the work: replaces the last one on a terminal, elsewhere a line now and then. `final` is always shown. */
  show(line: () => string, final?: boolean): void;
  /** Ends the status line. */
  close(): void;
}

/** Milliseconds between status lines on a terminal, and between plain lines elsewhere. */
const terminalInterval = 100;
const plainInterval = 10_000;

/**
 * Shows the progress of one program on `output`.
 *
 * @example
 * const status = statusLine(process.stderr);
 * status.show(() => 'step 3 of 10');
 * status.close();
 */
export function statusLine(output: TextOutput): StatusLine {
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
  return {
    say,
    show(line, final = false) {
      const now = performance.now();
      if (now - shownAt < (isTerminal ? terminalInterval : plainInterval) && !final) return;
      shownAt = now;
      if (!isTerminal) {
        say(line());
        return;
      }
      erase();
      status = line().slice(0, (output.columns || 80) - 1);
      output.write(status);
    },
    close() {
      erase();
      status = '';
    },
  };
}

/** An output that drops everything, for `--quiet`. */
export const silentOutput: TextOutput = { write: () => true };
