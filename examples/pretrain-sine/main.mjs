import { onnxCpu } from '@patchbert/backend-onnx';
import { createPreset, initialiseMaskedAutoencoder } from '@patchbert/encoder';
import { drawMask, float32Tensor, patchifySeries, patchLayout } from '@patchbert/ops';
import * as train from '@patchbert/train';

const [series, patchLength] = [32, 8];
const layout = patchLayout({ contextLength: 96, patchLength });
const config = createPreset('tiny', { patchLength, patchCount: layout.patchCount, corruption: 'zero' });
const parameters = initialiseMaskedAutoencoder(config, [0, 0]);
const optimiser = train.adamW({ weightDecay: 0 });
const state = { ...parameters, ...optimiser.initialState(parameters) };

// Sines of period 24, at other phases in every step; 40 % of the patches are hidden, and only they count in the loss.
function makeBatch(step) {
  const sine = (_, i) => Math.sin(((i + Math.floor(i / 96) * 5 + step * 7) * Math.PI) / 12);
  const target = patchifySeries(Float32Array.from({ length: series * 96 }, sine), layout);
  const mask = (_, s) => [...drawMask({ geometry: 'random', ratio: 0.4 }, layout.patchCount, [step, s])];
  const hidden = Array.from({ length: series }, mask).flat();
  const lossWeight = target.map((_, i) => hidden[Math.floor(i / patchLength)]);
  const inputs = { patches: target.map((value, i) => value * (1 - lossWeight[i])), target, lossWeight };
  const shape = [series, layout.patchCount, patchLength];
  return Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, float32Tensor(data, shape)]));
}

const step = train.trainingStep(train.maskedReconstruction(config), optimiser, Object.keys(parameters));
const firstBatch = { ...makeBatch(1), ...train.optimiserScalars(optimiser, 1, 0) };
const backend = await onnxCpu.create();
const program = await backend.compile(step, train.signatureOf(state, firstBatch));
await program.writeState(state);
const onStep = ({ step, loss }) => step % 50 === 1 && console.log(`step ${step}: loss ${loss.toFixed(4)}`);
const schedule = train.constant(3e-3);
await train.fit({ program, optimiser, schedule, firstStep: 1, lastStep: 201, makeBatch, onStep });
await backend.dispose();
