import type { Backend, Program, Step } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import { float32Tensor, type HostTensor, type HostTensors } from '@patchbert/ops';
import { signatureOf } from '@patchbert/train';
import type { PatchTSTTask } from '../config/patchtst-config.ts';
import type { PatchTSTModel } from '../model/patchtst-model.ts';
import { hidePatches } from '../series/patch-masks.ts';
import { type PreparedSeries, prepareSeries } from '../series/prepare-series.ts';
import type { RawSeries } from '../series/raw-series.ts';
import { runInChunks } from './run-in-chunks.ts';
import { hiddenStatesStep, predictionStep } from './steps.ts';

/** Options of `openPatchTST`. */
export interface OpenPatchTSTOptions {
  /** Series that run at once; any number may be asked for, the rest of a batch stays empty. Default 32. */
  readonly batchSize?: number | undefined;
}

/** Hidden states of a batch, `[B, C, T, D]` each; T counts the class token, which comes first. */
export interface EncodedSeries {
  /** Input of each layer, the embedded patches first. */
  readonly hiddenStates: readonly HostTensor[];
  /** Output of the last layer. */
  readonly lastHiddenState: HostTensor;
}

/** A model ready to run. Its methods throw PatchBertError `patchtst/wrong-task` for what its head is not for, `patchtst/bad-series`. */
export interface OpenPatchTST {
  /** `[B, H, C]` in the series' own units. */
  forecast(series: RawSeries): Promise<HostTensor>;
  /** Logits of classes, `[B, K]`. */
  classify(series: RawSeries): Promise<HostTensor>;
  /** `[B, K]`. */
  regress(series: RawSeries): Promise<HostTensor>;
  /** Every patch `[B, C, N, P]`, in scaled units, seen through a mask `[B*C*N]` of `drawPatchMask` (1 = hidden). */
  reconstruct(series: RawSeries, mask: ArrayLike<number>): Promise<HostTensor>;
  /** Hidden states of whole series, whatever the head. */
  encode(series: RawSeries): Promise<EncodedSeries>;
  dispose(): void;
}

/**
 * A model on a backend, for raw values: scaling, its inverse and cutting are inside. Programs are compiled on first use.
 *
 * @example
 * const open = await openPatchTST(await importPatchTST(folder), await onnxCpu.create());
 * const forecast = await open.forecast(rawSeries(model.config, lastRows)); // [1, 96, 7]
 */
export function openPatchTST(
  model: PatchTSTModel,
  backend: Backend,
  { batchSize = 32 }: OpenPatchTSTOptions = {},
): OpenPatchTST {
  const { config, parameters } = model;
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    throw new PatchBertError(
      'patchtst/bad-option',
      `openPatchTST: batchSize is ${batchSize}; expected a whole number of at least 1.`,
    );
  }
  const programs = new Map<(c: typeof config) => Step, Promise<Program>>();
  const run = async (makeStep: (c: typeof config) => Step, series: PreparedSeries): Promise<HostTensors> => {
    const batch = { ...series };
    const compile = async () => {
      const one = Object.fromEntries(
        Object.entries(batch).map(([name, { shape }]) => {
          const full = [batchSize, ...shape.slice(1)];
          return [name, float32Tensor(new Float32Array(0), full)];
        }),
      );
      const program = await backend.compile(makeStep(config), signatureOf(parameters, one));
      await program.writeState(parameters);
      return program;
    };
    const program = programs.get(makeStep) ?? compile();
    programs.set(makeStep, program);
    return runInChunks(await program, batch, batchSize);
  };
  const predict = async (caller: string, task: PatchTSTTask, series: PreparedSeries): Promise<HostTensor> => {
    if (config.task !== task) {
      throw new PatchBertError(
        'patchtst/wrong-task',
        `${caller}: this model's task is "${config.task}", not "${task}"; withTask gives its encoder another head to train.`,
      );
    }
    return (await run(predictionStep, series)).prediction!;
  };
  return {
    forecast: async (series) => predict('forecast', 'forecast', prepareSeries(config, series)),
    classify: async (series) => predict('classify', 'classify', prepareSeries(config, series)),
    regress: async (series) => predict('regress', 'regress', prepareSeries(config, series)),
    reconstruct: async (series, mask) => {
      const prepared = prepareSeries(config, series);
      const patches = hidePatches(config, prepared.patches, mask);
      return predict('reconstruct', 'pretrain', { ...prepared, patches });
    },
    encode: async (series) => {
      const outputs = await run(hiddenStatesStep, prepareSeries(config, series));
      const hiddenStates = Array.from(
        { length: config.layers },
        (_, layer) => outputs[`hiddenStates.${layer}`]!,
      );
      return { hiddenStates, lastHiddenState: outputs.lastHiddenState! };
    },
    dispose() {
      for (const program of programs.values()) void program.then((one) => one.dispose());
      programs.clear();
    },
  };
}
