import { PatchBertError } from '@patchbert/errors';

/** A traced kernel, or this use of it, has no ONNX form. Its code is `backend/unsupported-kernel`. */
export class UnloweredKernelError extends PatchBertError {
  /** tfjs' name of the kernel. */
  readonly kernel: string;

  constructor(kernel: string, message: string) {
    super('backend/unsupported-kernel', message);
    this.kernel = kernel;
  }
}
