import { PatchBertError } from '@patchbert/errors';

/** Lets one call into a program at a time and none after it was closed. */
export interface RunGate {
  run<T>(caller: string, action: () => Promise<T>): Promise<T>;
  /** Lets no call in any more. `release` is called once none is under way: now, or when the last one ends. */
  close(release?: () => void): void;
}

/**
 * A gate for the calls of one program.
 *
 * Calls throw PatchBertError `backend/busy` while another is under way and `backend/disposed` after `close`.
 */
export function createRunGate(): RunGate {
  let busy = false;
  let closed = false;
  let whenIdle: (() => void) | undefined;
  const releaseIfIdle = () => {
    if (busy) return;
    whenIdle?.();
    whenIdle = undefined;
  };
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
        releaseIfIdle();
      }
    },
    close(release) {
      if (closed) return;
      closed = true;
      whenIdle = release;
      releaseIfIdle();
    },
  };
}
