import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The error of a backend that cannot compile a step because of one tfjs kernel: what is wrong, and which engines of tfjs
 * loaded here have the kernel.
 *
 * @param problem one sentence, such as `backend "mine" lacks the tfjs kernel "Cumsum" that the step uses.`
 */
export function unsupportedKernel(
  problem: string,
  kernel: string,
  { except, cause }: { readonly except?: string; readonly cause?: unknown } = {},
): PatchBertError {
  const others = loadedEngines().filter(
    (engine) => engine !== except && tf.getKernel(kernel, engine) !== undefined,
  );
  return new PatchBertError(
    'backend/unsupported-kernel',
    `compile: ${problem} ` +
      (others.length > 0
        ? `Engines of tfjs loaded here that have it: ${others.join(', ')}.`
        : 'No engine of tfjs loaded here has it; write the step with other ops.'),
    { cause },
  );
}

/** Engines that one could compute with: the tracer's has a negative priority, and computes nothing. */
function loadedEngines(): readonly string[] {
  return Object.entries(tf.engine().registryFactory)
    .filter(([, { priority }]) => priority >= 0)
    .map(([engine]) => engine);
}
