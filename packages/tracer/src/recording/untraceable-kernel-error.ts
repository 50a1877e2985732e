import { PatchBertError } from '@patchbert/errors';

/** A step uses a tfjs kernel that the tracer does not know. Its code is `backend/unsupported-kernel`. */
export class UntraceableKernelError extends PatchBertError {
  /** tfjs' name of the kernel, such as `Cumsum`. */
  readonly kernel: string;

  constructor(kernel: string, options?: ErrorOptions) {
    super(
      'backend/unsupported-kernel',
      `trace: the step uses the tfjs kernel "${kernel}", which cannot be traced. Write it with other ops, or choose an eager backend.`,
      options,
    );
    this.kernel = kernel;
  }
}

/** The same error of what tfjs throws for a kernel that the recording backend was never told of; undefined for other errors. */
export function asUntraceableKernel(error: unknown): UntraceableKernelError | undefined {
  if (!(error instanceof Error) || error instanceof PatchBertError) return undefined;
  const kernel = /kernel '(\w+)'.* for backend/i.exec(error.message)?.[1];
  return kernel === undefined ? undefined : new UntraceableKernelError(kernel, { cause: error });
}
