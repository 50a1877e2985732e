import { PatchBertError } from '@patchbert/errors';

/** Lets one call into a program at a time and none after it was closed. */
export interface RunGate {
  run<T>(caller: string, action: () => Promise<T>): Promise<T>;
  /** Lets no call in any more and calls `release` once none is under way: now, or when the last one has ended. */
  close(release: () => void | Promise<void>): Promise<void>;
}

/**
 * A gate for the calls of one program.
 *
 * Calls throw PatchBertError `backend/busy` while another is under way and `backend/disposed` after `close`.
 */
export function createRunGate(): RunGate {
  let busy = false;
  let released: Promise<void> | undefined;
  let whenIdle = () => {};
  return {
    async run(caller, action) {
      if (released !== undefined) {
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
        whenIdle();
      }
    },
    close(release) {
      released ??= busy
        ? new Promise<void>((resolve) => {
            whenIdle = resolve;
          }).then(release)
        : Promise.resolve(release());
      return released;
    },
  };
}
