import { PatchBertError } from '@patchbert/errors';
import type { HostTensors } from '@patchbert/ops';

/** Weights and what is known of them. */
export interface Candidate {
  readonly step: number;
  readonly parameters: HostTensors;
  /** Absent when nothing validates. */
  readonly value?: number;
}

/** Judges candidates; the lowest value wins, the earlier of two equal ones. */
export interface BestKeeper {
  readonly best: Candidate | undefined;
  /** Validates and compares. */
  offer(step: number, parameters: HostTensors): Promise<{ readonly value: number; readonly best: boolean }>;
}

/** @throws PatchBertError `train/diverged`, from `offer`, when a validation is not a finite number. */
export function keepBest(validate: (parameters: HostTensors) => Promise<number>): BestKeeper {
  let best: (Candidate & { readonly value: number }) | undefined;
  return {
    get best() {
      return best;
    },
    async offer(step, parameters) {
      const value = await validate(parameters);
      if (!Number.isFinite(value)) {
        throw new PatchBertError(
          'train/diverged',
          `adaptByGradient: the validation is ${value} after step ${step}. Lower the learning rate, warm up longer or clip ` +
            'gradients; at step 0, check what validate computes.',
        );
      }
      const improved = best === undefined || value < best.value;
      if (improved) best = { step, parameters, value };
      return { value, best: improved };
    },
  };
}
