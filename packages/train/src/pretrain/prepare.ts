import {
  gridWindowCount,
  type SeriesSampler,
  type Split,
  seriesSampler,
  type WindowGrid,
  windowGrid,
} from '@patchbert/data';
import {
  createPreset,
  drawDropoutMasks,
  dropoutMaskSpecs,
  encodedTokenCount,
  type MaskedAutoencoderConfig,
} from '@patchbert/encoder';
import { type HostTensors, maskedPatchCount, type PatchLayout, patchLayout } from '@patchbert/ops';
import { deriveKey, randomKey } from '@patchbert/random';
import { assemblePretrainBatch } from '../batches/assemble-pretrain-batch.ts';
import type { BatchPlan } from '../batches/batch-plan.ts';
import type { PretrainConfig } from './config.ts';
import type { PretrainData } from './options.ts';
import { type PreparedPanel, preparePanel } from './prepare-panel.ts';
import { type ValidationWindows, validationWindows } from './validation-windows.ts';

/** Added to a window's variance, as a share of its channel's variance over the training rows. */
const EPSILON_SHARE = 1e-5;

/** Everything that follows from configuration and data, before anything is computed. */
export interface PreparedPretraining extends PreparedPanel {
  readonly plan: BatchPlan;
  readonly model: MaskedAutoencoderConfig;
  readonly trainGrid: WindowGrid;
  /** Distinct single-channel training windows. */
  readonly trainSeries: number;
  readonly sampler: SeriesSampler;
  readonly validation: ValidationWindows;
  readonly maskedPatches: number;
  /** Inputs of training step `step`, from 1. */
  trainingBatch(step: number): HostTensors;
}

/**
 * Resolves a configuration against its data: split, patches, model, windows.
 *
 * @throws PatchBertError from the part that does not fit, such as `data/too-few-rows` or `config/invalid`.
 */
export function preparePretraining(config: PretrainConfig, data: PretrainData): PreparedPretraining {
  const { frame } = data;
  const prepared = preparePanel(config, data);
  const { splits, scalers } = prepared;
  const layout = patchLayout({
    contextLength: config.contextLength,
    patchLength: config.patchLength,
    remainder: config.remainder,
  });
  const model = modelOf(config, layout);
  const plan: BatchPlan = {
    frame,
    layout,
    model,
    masking: config.masking,
    maskChannels: config.maskChannels,
    outlierLimit: config.outlierLimit,
    epsilons: scalers.map(({ scale }) => scale.map((deviation) => EPSILON_SHARE * deviation ** 2)),
    hasGaps: splits.some((split) => hasGaps(frame.columns, split)),
    seed: config.seed,
  };
  const trainGrid = windowGrid(
    splits.map(({ train }) => train),
    { windowLength: config.contextLength },
  );
  const sampler = seriesSampler({
    channelCount: frame.channels.length,
    grid: trainGrid,
    batchSize: config.batchSize,
    seed: config.seed,
    sampling: config.sampling,
  });
  const maskedPatches = maskedPatchCount(config.masking, layout.patchCount);
  return {
    ...prepared,
    plan,
    model,
    trainGrid,
    trainSeries: gridWindowCount(trainGrid) * frame.channels.length,
    sampler,
    validation: validationWindows(plan, prepared, {
      leastSeries: config.validationSeries,
      seriesPerBatch: sampler.seriesPerBatch,
    }),
    maskedPatches,
    trainingBatch: trainingBatches(plan, sampler, maskedPatches),
  };
}

function modelOf(config: PretrainConfig, { patchLength, patchCount }: PatchLayout): MaskedAutoencoderConfig {
  const { preset, ...overrides } = config.model;
  return createPreset(preset, {
    ...overrides,
    patchLength,
    patchCount,
    corruption: config.corruption,
    target: config.target,
  });
}

function hasGaps(columns: readonly Float32Array[], { train, validation }: Split): boolean {
  return columns.some((column) => column.subarray(train.start, validation.end).some(Number.isNaN));
}

function trainingBatches(
  plan: BatchPlan,
  sampler: SeriesSampler,
  maskedPatches: number,
): (step: number) => HostTensors {
  const { encoder } = plan.model;
  const tokens = encodedTokenCount(plan.model, maskedPatches);
  const dropout = dropoutMaskSpecs(encoder, { series: sampler.seriesPerBatch, tokens });
  const dropoutKey = deriveKey(randomKey(plan.seed), 'dropout');
  return (step) => {
    const samples = sampler.batch(step - 1);
    const epoch = Math.floor((step - 1) / sampler.stepsPerEpoch);
    const { inputs } = assemblePretrainBatch(plan, { samples, purpose: 'training', epoch });
    const masks = drawDropoutMasks(encoder, dropout, deriveKey(dropoutKey, step));
    return {
      ...inputs,
      ...Object.fromEntries(Object.entries(masks).map(([name, mask]) => [`dropout.${name}`, mask])),
    };
  };
}
