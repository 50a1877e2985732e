/** `1 thread`, `4 threads`, or what ONNX Runtime does when nobody says. */
export function describeThreads(threads: number | undefined): string {
  if (threads === undefined) return 'a thread per core';
  return threads === 1 ? '1 thread' : `${threads} threads`;
}
