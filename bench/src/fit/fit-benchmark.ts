import { startBackend } from '@patchbert/backend';
import { adapters as engines } from '@patchbert/command-line';
import { createFrame, seriesSampler, windowGrid } from '@patchbert/data';
import { createPreset, initialiseMaskedAutoencoder, type PresetName } from '@patchbert/encoder';
import { patchLayout } from '@patchbert/ops';
import { randomKey } from '@patchbert/random';
import {
  adamW,
  assemblePretrainBatch,
  type BatchPlan,
  constant,
  fit,
  maskedReconstruction,
  optimiserScalars,
  signatureOf,
  trainingStep,
} from '@patchbert/train';
import { median } from '../median.ts';
import { formatTable } from '../table.ts';

const BATCH_SIZE = 64;

/** Series per second of the bare step on one batch, and through `fit` with a fresh batch each step, in turn. */
export async function fitBenchmark(preset: PresetName, steps: number, rounds: number): Promise<void> {
  const frame = sineFrame();
  const layout = patchLayout({ contextLength: 512, patchLength: 12 });
  const model = createPreset(preset, { patchLength: 12, patchCount: layout.patchCount });
  const plan: BatchPlan = {
    frame,
    layout,
    model,
    masking: { geometry: 'random', ratio: 0.4 },
    maskChannels: 'independent',
    outlierLimit: 10,
    epsilons: [frame.channels.map(() => 1e-5)],
    hasGaps: false,
    seed: 0,
  };
  const sampler = seriesSampler({
    channelCount: frame.channels.length,
    grid: windowGrid({ start: 0, end: frame.length }, { windowLength: layout.contextLength }),
    batchSize: BATCH_SIZE,
    seed: 0,
    sampling: 'series',
  });
  const makeBatch = (step: number) =>
    assemblePretrainBatch(plan, { samples: sampler.batch(step - 1), purpose: 'training' }).inputs;

  const optimiser = adamW({ clipNorm: 1 });
  const parameters = initialiseMaskedAutoencoder(model, randomKey(0));
  const state = { ...parameters, ...optimiser.initialState(parameters) };
  const batch = { ...makeBatch(1), ...optimiserScalars(optimiser, 1, 1e-4) };
  const backend = await startBackend(engines, 'onnx-cpu');
  const step = trainingStep(maskedReconstruction(model), optimiser, Object.keys(parameters));
  const program = await backend.compile(step, signatureOf(state, batch));
  await program.writeState(state);
  for (let warmUp = 0; warmUp < 10; warmUp++) await program.run(batch);

  const rates: { bare: number[]; fit: number[] } = { bare: [], fit: [] };
  const rate = (start: number) => (steps * BATCH_SIZE) / ((performance.now() - start) / 1000);
  for (let round = 0; round < rounds; round++) {
    const bareStart = performance.now();
    for (let index = 0; index < steps; index++) await program.run(batch);
    rates.bare.push(rate(bareStart));
    const fitStart = performance.now();
    await fit({ program, optimiser, schedule: constant(1e-4), firstStep: 1, lastStep: steps, makeBatch });
    rates.fit.push(rate(fitStart));
  }
  await backend.dispose();
  const [bare, throughFit] = [median(rates.bare), median(rates.fit)];
  const rows = [
    ['bare step', bare.toFixed(0), '1.00'],
    ['through fit', throughFit.toFixed(0), (throughFit / bare).toFixed(2)],
  ];
  console.log(formatTable([`preset ${preset}`, 'series/s', 'relative'], rows));
}

function sineFrame() {
  const length = 20_000;
  const channels = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const columns = channels.map((_, c) =>
    Float32Array.from({ length }, (__, t) => Math.sin(t / (3 + c)) + t / length),
  );
  return createFrame({ name: 'sines', channels, columns });
}
