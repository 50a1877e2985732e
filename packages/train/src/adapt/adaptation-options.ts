import type { Backend } from '@patchbert/backend';
import type { EncoderConfig, ForecastHeadConfig } from '@patchbert/encoder';
import type { HostTensors } from '@patchbert/ops';
import type { Objective } from '../objectives/objective.ts';
import type { AdaptationPhase } from './adaptation-phases.ts';
import type { AdaptationConfigInput } from './adaptation-schema.ts';

export interface AdaptationOptions {
  readonly backend: Backend;
  readonly encoderConfig: EncoderConfig;
  readonly headConfig: ForecastHeadConfig;
  /** Every parameter of encoder and head: transferred, or fresh from `initialiseParameters` and `initialiseHead`. */
  readonly initialParameters: HostTensors;
  /** Such as `forecasting(...)`. */
  readonly objective: Objective;
  readonly training?: AdaptationConfigInput | undefined;
  /**
   * The objective's inputs of a step, from 1; a pure function, called for the next step while the current one runs. Dropout
   * masks and the optimiser's scalars are added to it.
   */
  readonly makeBatch: (step: number) => HostTensors;
  /** The number that decides which weights are kept, lower being better. Default: the last weights are kept. */
  readonly validate?: ((parameters: HostTensors) => Promise<number>) | undefined;
  readonly onEvent?: ((event: AdaptationEvent) => void) | undefined;
  /** Stops after the step under way. */
  readonly signal?: AbortSignal | undefined;
}

/** One training step. */
export interface AdaptationRecord {
  readonly step: number;
  readonly phase: AdaptationPhase['name'];
  readonly loss: number;
  /** Of the head. */
  readonly learningRate: number;
  readonly gradientNorm?: number;
  /** The validation after this step. */
  readonly validation?: number;
}

export type AdaptationEvent =
  | {
      readonly type: 'phase';
      readonly phase: AdaptationPhase['name'];
      readonly firstStep: number;
      readonly lastStep: number;
      /** Numbers that are trained. */
      readonly trained: number;
    }
  | (AdaptationRecord & {
      readonly type: 'step';
      /** Steps of all phases. */
      readonly steps: number;
    })
  | { readonly type: 'validation'; readonly step: number; readonly value: number; readonly best: boolean }
  | { readonly type: 'early-stop'; readonly step: number; readonly bestStep: number };

export interface AdaptationResult {
  readonly status: 'finished' | 'interrupted';
  /** The best by validation, else the last; averages where weights were averaged. Every parameter, frozen ones too. */
  readonly parameters: HostTensors;
  /** The step `parameters` are from; 0 when no training improved on the start. */
  readonly bestStep: number;
  /** What `validate` said of `parameters`. */
  readonly bestValidation?: number;
  /** What `validate` said of the start, step 0; absent for `scratch`. */
  readonly initialValidation?: number;
  readonly history: readonly AdaptationRecord[];
  /** Whether patience ended the last phase. */
  readonly stoppedEarly: boolean;
}
