import type { EventEmitter } from 'node:events';

/** A reader that went away (`| head`) must not end a program that is working. */
export function tolerateClosedReaders(...streams: readonly EventEmitter[]): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
