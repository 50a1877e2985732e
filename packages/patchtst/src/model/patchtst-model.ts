import type { HostTensors } from '@patchbert/ops';
import type { PatchTSTConfig } from '../config/patchtst-config.ts';

/** A model: what it is and its weights. */
export interface PatchTSTModel {
  readonly config: PatchTSTConfig;
  /** Tensors by the names of `patchtstParameterSpecs`: weights, positions, running statistics. */
  readonly parameters: HostTensors;
  /**
   * The `config.json` it was read from. `exportPatchTST` writes back what it says beyond `config`, such as the names of classes;
   * empty for a model that was made here.
   */
  readonly huggingFace: Readonly<Record<string, unknown>>;
}
