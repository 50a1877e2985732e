import { createPreset, initialiseMaskedAutoencoder } from '@patchbert/encoder';
import { drawMask, float32Tensor, patchifySeries, patchLayout } from '@patchbert/ops';
import * as train from '@patchbert/train/step';

const [series, patchLength, contextLength] = [8, 8, 48];
const layout = patchLayout({ contextLength, patchLength });
const config = createPreset('tiny', { patchLength, patchCount: layout.patchCount, corruption: 'zero' });
const parameters = initialiseMaskedAutoencoder(config, [0, 0]);
const optimiser = train.adamW({ weightDecay: 0 });
const state = { ...parameters, ...optimiser.initialState(parameters) };
const step = train.trainingStep(train.maskedReconstruction(config), optimiser, Object.keys(parameters));

// Sines of period 24, at other phases in every step; 40 % of the patches are hidden, and only they count in the loss.
function makeBatch(step) {
  const sine = (_, i) => Math.sin(((i + Math.floor(i / contextLength) * 5 + step * 7) * Math.PI) / 12);
  const target = patchifySeries(Float32Array.from({ length: series * contextLength }, sine), layout);
  const mask = (_, s) => [...drawMask({ geometry: 'random', ratio: 0.4 }, layout.patchCount, [step, s])];
  const hidden = Array.from({ length: series }, mask).flat();
  const lossWeight = target.map((_, i) => hidden[Math.floor(i / patchLength)]);
  const inputs = { patches: target.map((value, i) => value * (1 - lossWeight[i])), target, lossWeight };
  const shape = [series, layout.patchCount, patchLength];
  return Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, float32Tensor(data, shape)]));
}

/** Trains a tiny encoder for some steps; returns the losses. */
export async function pretrain(backend, steps) {
  const firstBatch = { ...makeBatch(1), ...train.optimiserScalars(optimiser, 1, 0) };
  const program = await backend.compile(step, train.signatureOf(state, firstBatch));
  await program.writeState(state);
  const losses = [];
  const onStep = ({ loss }) => losses.push(loss);
  const schedule = train.constant(3e-3);
  await train.fit({ program, optimiser, schedule, firstStep: 1, lastStep: steps, makeBatch, onStep });
  return losses;
}
