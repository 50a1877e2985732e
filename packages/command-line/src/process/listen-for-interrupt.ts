import { exitCodes } from '../errors/exit-codes.ts';

/** How Ctrl-C (or a `kill`) is taken. */
export interface Interrupt {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** The exit code of the signal that came; undefined while none has. */
  exitCode(): number | undefined;
  /** From now on there is work to save; before, a signal ends the program at once. */
  begin(): void;
  /** Takes the handlers away. */
  dispose(): void;
}

/** What a user is told, by when the signal came. */
export interface InterruptTexts {
  /** Before `begin`. */
  readonly early: string;
  /** The first signal after `begin`. */
  readonly first: string;
  /** The second one. */
  readonly second: string;
}

/** The first signal asks the work to save and stop, the second one ends the program at once. */
export function listenForInterrupt(say: (line: string) => void, texts: InterruptTexts): Interrupt {
  const controller = new AbortController();
  let exitCode: number | undefined;
  let begun = false;
  const onSignal = (name: NodeJS.Signals) => {
    const code = name === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
    if (!begun || controller.signal.aborted) {
      say(begun ? texts.second : texts.early);
      process.exit(code);
    }
    exitCode = code;
    say(texts.first);
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    begin() {
      begun = true;
    },
    dispose() {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    },
  };
}
