import type { ForecastHeadConfig } from '@patchbert/encoder';
import type { HostTensor, HostTensors } from '@patchbert/ops';
import type { ForecastEncoder } from '../closed-form/features.ts';

/** The part of a forecaster that is a network: encoder and head. */
export interface NetworkPart {
  readonly encoder: ForecastEncoder;
  readonly head: ForecastHeadConfig;
  /** `encoder.*` and `head.*`. */
  readonly parameters: HostTensors;
}

/** A linear map from the normalised context (and exogenous inputs) to the horizon. */
export interface LinearPart {
  /** `[H, L + E]`. */
  readonly weight: HostTensor;
  /** `[H]`. */
  readonly bias: HostTensor;
}

/** How far truth lies from forecasts, from validation windows, in deviations of the context. */
export interface ResidualQuantiles {
  readonly levels: readonly number[];
  /** `[groups, levels, H]`; one group per channel, or one for all. */
  readonly values: Float32Array;
  readonly groups: number;
}

/** Everything it takes to predict one horizon. */
export interface HorizonModel {
  readonly horizon: number;
  readonly contextLength: number;
  readonly network?: NetworkPart | undefined;
  readonly linear?: LinearPart | undefined;
  /** Share of the linear part, 0 to 1. */
  readonly linearWeight: number;
  readonly residuals?: ResidualQuantiles | undefined;
}
