import { exitCodes } from './errors.ts';

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

/** The first signal asks the run to save and stop, the second one ends the program at once. */
export function listenForInterrupt(say: (line: string) => void): Interrupt {
  const controller = new AbortController();
  let exitCode: number | undefined;
  let begun = false;
  const onSignal = (name: NodeJS.Signals) => {
    const code = name === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
    if (!begun) {
      say('interrupted before training began; nothing was written.');
      process.exit(code);
    }
    if (controller.signal.aborted) {
      say('stopped at once; the newest complete checkpoint can be resumed.');
      process.exit(code);
    }
    exitCode = code;
    say('interrupted: finishing this step and saving. Once more stops at once.');
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
