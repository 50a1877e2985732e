import { onnxCpu } from '@patchbert/backend-onnx';
import { createPreset, initialiseMaskedAutoencoder } from '@patchbert/encoder';
import { drawMask, float32Tensor, patchifySeries, patchLayout } from '@patchbert/ops';
import { adamW, constant, fit, maskedReconstruction, signatureOf, trainingStep } from '@patchbert/train';

const [series, patchLength] = [32, 8];
const layout = patchLayout({ contextLength: 96, patchLength });
const config = createPreset('tiny', { patchLength, patchCount: layout.patchCount, corruption: 'zero' });
const optimiser = adamW({ weightDecay: 0 });
const parameters = initialiseMaskedAutoencoder(config, [0, 0]);
const state = { ...parameters, ...optimiser.initialState(parameters) };

// Sines of period 24 at other phases in every step; 40 % of the patches are hidden, and count.
function makeBatch(step) {
  const sine = (_, i) => Math.sin(((i + Math.floor(i / 96) * 5 + step * 7) * Math.PI) / 12);
  const target = patchifySeries(Float32Array.from({ length: series * 96 }, sine), layout);
  const hidden = (s) => drawMask({ geometry: 'random', ratio: 0.4 }, layout.patchCount, [step, s]);
  const masks = Array.from({ length: series }, (_, s) => [...hidden(s)]).flat();
  const lossWeight = target.map((_, i) => masks[Math.floor(i / patchLength)]);
  const inputs = { patches: target.map((value, i) => value * (1 - lossWeight[i])), target, lossWeight };
  const shape = [series, layout.patchCount, patchLength];
  return Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, float32Tensor(data, shape)]));
}

const backend = await onnxCpu.create();
const step = trainingStep(maskedReconstruction(config), optimiser, Object.keys(parameters));
const program = await backend.compile(step, signatureOf(state, makeBatch(1)));
await program.writeState(state);
const onStep = ({ step, loss }) => step % 50 === 1 && console.log(`step ${step}: loss ${loss.toFixed(4)}`);
await fit({ program, optimiser, schedule: constant(3e-3), firstStep: 1, lastStep: 201, makeBatch, onStep });
await backend.dispose();
