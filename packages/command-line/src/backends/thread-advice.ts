import { availableParallelism } from 'node:os';

/** What to say when more threads are asked for than there are cores. */
export function threadAdvice(threads: number | undefined): string | undefined {
  const cores = availableParallelism();
  if (threads === undefined || threads <= cores) return undefined;
  return `${threads} threads on ${cores} cores only wait for each other; leave --threads out for one per core.`;
}
