import { PatchBertError, parseConfig } from '@patchbert/errors';
import { type ExportedModel, exportTrainingStep } from '@patchbert/onnx';
import type { HostTensors } from '@patchbert/ops';
import { signatureOf } from '../batches/signature-of.ts';
import { openCheckpoint } from '../checkpoints/open-checkpoint.ts';
import { rateScaleAfter } from '../checkpoints/run-history.ts';
import { optimiserScalars } from '../objectives/training-step.ts';
import { pretrainConfigSchema } from '../pretrain/config.ts';
import { frameFingerprint, splitFingerprint } from '../pretrain/frame-fingerprint.ts';
import type { PretrainData } from '../pretrain/options.ts';
import { preparePretraining } from '../pretrain/prepare.ts';
import { stateOf, trainingSetup } from '../pretrain/programs.ts';
import { scheduleOf } from '../pretrain/schedule-of.ts';
import { packageVersion } from '../run-folder/environment.ts';

/** The training step of a run as an ONNX file, with what to feed it first. */
export interface ExportedTrainingStep extends ExportedModel {
  /** The step that comes next, from 1. */
  readonly step: number;
  /** Every input by its name: the state after the checkpoint, and the batch of the next step. */
  readonly feeds: HostTensors;
}

/**
 * The whole training step of a pretraining run - forward, backward, optimiser - as one ONNX file, and its inputs: the state of a checkpoint
 * and the very batch that the run would train on next. Feed `next:<name>` of a run as `state:<name>` of the next one; batches of later steps
 * come from `preparePretraining`.
 *
 * @param folder of a run (its newest checkpoint), or of one checkpoint.
 * @param data what the run was trained on.
 * @throws PatchBertError `train/bad-checkpoint`, `train/no-run` without a checkpoint, `train/other-data`, `config/invalid` for the checkpoint
 * of another program.
 * @example
 * const { file, feeds } = await exportPretrainingStep('runs/first', { frame });
 */
export async function exportPretrainingStep(
  folder: string,
  data: PretrainData,
): Promise<ExportedTrainingStep> {
  const opened = await openCheckpoint(folder);
  if (opened === undefined) {
    throw new PatchBertError(
      'train/no-run',
      `exportPretrainingStep: "${folder}" holds no checkpoint; expected the folder of a pretraining run or of one of its checkpoints.`,
    );
  }
  const { checkpoint } = opened;
  const { facts } = checkpoint;
  const config = parseConfig(
    pretrainConfigSchema,
    facts.config,
    `${folder}: configuration of the checkpoint`,
  );
  const prepared = preparePretraining(config, data);
  const isSame =
    frameFingerprint(data.frame, data.segments) === facts.dataFingerprint &&
    (facts.split ?? splitFingerprint(prepared.splits)) === splitFingerprint(prepared.splits);
  if (!isSame) {
    throw new PatchBertError(
      'train/other-data',
      `exportPretrainingStep: these are not the data that the run in "${folder}" was trained on, or not their split; pass those, with the same channels, rows and split.`,
    );
  }
  const setup = trainingSetup(config, prepared);
  const step = checkpoint.step + 1;
  const rate = scheduleOf(config, rateScaleAfter(facts.rollbacks))(step - 1);
  const state = stateOf(checkpoint, setup);
  const batch = { ...setup.trainingBatch(step), ...optimiserScalars(setup.optimiser, step, rate) };
  const exported = await exportTrainingStep({
    step: setup.step,
    signature: signatureOf(state, batch),
    metadata: {
      'patchbert.kind': 'training-step',
      'patchbert.version': packageVersion(),
      'patchbert.step': `${step}`,
      'patchbert.dataFingerprint': facts.dataFingerprint,
      'patchbert.config': JSON.stringify(config),
    },
  });
  return { ...exported, step, feeds: { ...prefixed('state', state), ...prefixed('batch', batch) } };
}

function prefixed(group: string, tensors: HostTensors): HostTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${group}:${name}`, tensor]));
}
