import { PatchBertError } from '@patchbert/errors';

/** The error of a step that uses a kernel with no traced form. */
export function untraceableKernel(kernelName: string, options?: ErrorOptions): PatchBertError {
  return new PatchBertError(
    'backend/unsupported-kernel',
    `trace: the step uses the tfjs kernel "${kernelName}", which cannot be traced. Write it with other ops, or choose an eager backend.`,
    options,
  );
}

/** The same error of what tfjs throws for a kernel that the recording backend was never told of; undefined for other errors. */
export function asUntraceableKernel(error: unknown): PatchBertError | undefined {
  if (!(error instanceof Error)) return undefined;
  const kernelName = /kernel '(\w+)'.* for backend/i.exec(error.message)?.[1];
  return kernelName === undefined ? undefined : untraceableKernel(kernelName, { cause: error });
}
