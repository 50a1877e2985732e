import { tfjsCpu } from '@patchbert/backend';
import { initialiseMaskedAutoencoder } from '@patchbert/encoder';
import { spectralLoss } from '@patchbert/ops';
import { randomKey } from '@patchbert/random';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { evaluationStep, maskedReconstruction, signatureOf } from '../src/index.ts';
import { prepare, tinyConfig, tinyRun } from './support/tiny-run.ts';

it('adds the difference of spectra over hidden patches to the loss', async () => {
  const { model, trainingBatch } = prepare();
  const parameters = initialiseMaskedAutoencoder(model, randomKey(3));
  const batch = trainingBatch(1);
  const backend = await tfjsCpu.create();
  const [plain, weighted] = [0, 0.25].map((spectrumWeight) =>
    maskedReconstruction(model, { spectrumWeight }),
  );
  const step = evaluationStep({
    loss: plain!.loss,
    evaluate: (state, inputs) => {
      const { prediction } = plain!.evaluate(state, inputs);
      return {
        spectrum: spectralLoss(prediction!, inputs.target!, inputs.lossWeight!),
        added: tf.sub(weighted!.loss(state, inputs), plain!.loss(state, inputs)),
      };
    },
  });
  const program = await backend.compile(step, signatureOf(parameters, batch));
  await program.writeState(parameters);
  const { spectrum, added } = await program.run(batch);
  await backend.dispose();
  expect(spectrum!.data[0]).toBeGreaterThan(0);
  expect(added!.data[0]).toBeCloseTo(0.25 * spectrum!.data[0]!, 5);
});

it('is a setting of a run, which learns by it', async () => {
  const { loss, evaluation } = await tinyRun();
  const weighted = await tinyRun({ config: { ...tinyConfig, spectrumWeight: 0.5 } });
  expect(weighted.loss).toBeGreaterThan(loss!);
  expect(weighted.evaluation!.errors[0]).not.toEqual(evaluation!.errors[0]);
  expect(weighted.evaluation!.errors.slice(1)).toEqual(evaluation!.errors.slice(1));
});
