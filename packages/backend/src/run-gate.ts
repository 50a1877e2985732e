import { PatchBertError } from '@patchbert/errors';

/** Lets one call into a program at a time and none after it was closed. */
export interface RunGate {
  run<T>(caller: string, action: () => Promise<T>): Promise<T>;
  close(): void;
}

/**
 * A gate for the calls of one program.
 *
 * Calls throw PatchBertError `backend/busy` while another is under way and `backend/disposed` after `close`.
 */
export function createRunGate(): RunGate {
  let busy = false;
  let closed = false;
  return {
    async run(caller, action) {
      if (closed) {
        throw new PatchBertError(
          'backend/disposed',
          `${caller}: the program was disposed; compile the step again.`,
        );
      }
      if (busy) {
        throw new PatchBertError(
          'backend/busy',
          `${caller}: a call is under way; await it before the next one.`,
        );
      }
      busy = true;
      try {
        return await action();
      } finally {
        busy = false;
      }
    },
    close() {
      closed = true;
    },
  };
}
