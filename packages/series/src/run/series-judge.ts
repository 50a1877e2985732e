import type { Backend } from '@patchbert/backend';
import type { HostTensors } from '@patchbert/ops';
import { canReconstruct, openReconstructor } from '../reconstruct/open-reconstructor.ts';
import type { PreparedSeriesRun } from './prepare-series-run.ts';

/** Fills in the hidden points of the scored series, with the weights of any step. */
export interface SeriesJudge {
  /** `[channels * length]` of each scored series, in scaled units. */
  fill(parameters: HostTensors): Promise<readonly Float32Array[]>;
  dispose(): void;
}

/** Undefined for a model that reconstructs nothing, as it learns by contrast alone. */
export async function openSeriesJudge(
  backend: Backend,
  { inputs, scored }: PreparedSeriesRun,
  parameters: HostTensors,
): Promise<SeriesJudge | undefined> {
  if (!canReconstruct(parameters)) return undefined;
  const reconstructor = await openReconstructor({ backend, inputs, parameters });
  return {
    fill: async (latest) => {
      await reconstructor.load(latest);
      return reconstructor.reconstruct(scored.masked);
    },
    dispose: () => reconstructor.dispose(),
  };
}
