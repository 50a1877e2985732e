import { PatchBertError } from '@patchbert/errors';

/** A step uses a tfjs kernel that the tracer does not know. Its code is `backend/unsupported-kernel`. */
export class UntraceableKernelError extends PatchBertError {
  /** tfjs' name of the kernel, such as `Cumsum`. */
  readonly kernel: string;

  constructor(kernel: string) {
    super(
      'backend/unsupported-kernel',
      `trace: the step uses the tfjs kernel "${kernel}", which cannot be traced. Write it with other ops, or choose an eager backend.`,
    );
    this.kernel = kernel;
  }
}
