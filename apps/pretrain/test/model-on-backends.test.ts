import { type Backend, tfjsCpu } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import { createFrame } from '@patchbert/data';
import { initialiseMaskedAutoencoder } from '@patchbert/encoder';
import { parseConfig } from '@patchbert/errors';
import type { HostTensors } from '@patchbert/ops';
import { randomKey } from '@patchbert/random';
import {
  adamW,
  maskedReconstruction,
  optimiserScalars,
  type PretrainConfigInput,
  preparePretraining,
  pretrainConfigSchema,
  signatureOf,
  trainingStep,
} from '@patchbert/train';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Two waves, one of them with gaps, so that batches carry a key mask. */
const frame = createFrame({
  name: 'waves',
  channels: ['whole', 'gaps'],
  columns: [
    Float32Array.from({ length: 240 }, (_, i) => Math.sin(i / 3)),
    Float32Array.from({ length: 240 }, (_, i) => (i % 40 < 9 ? Number.NaN : Math.cos(i / 5) + i / 100)),
  ],
});

const tiny: PretrainConfigInput = {
  data: { source: 'waves' },
  contextLength: 24,
  patchLength: 4,
  model: { preset: 'tiny', width: 8, layers: 2, heads: 2, feedForwardWidth: 12 },
  batchSize: 4,
  steps: 5,
  validationSeries: 4,
};

const variants: Record<string, Partial<PretrainConfigInput>> = {
  'visible-only': {},
  'visible-only, per-patch targets': { target: 'per-patch-normalised' },
  'spectra too': { spectrumWeight: 0.3 },
  zero: { corruption: 'zero' },
  token: { corruption: 'token' },
  bert: { corruption: 'bert', masking: { geometry: 'block', ratio: 0.5 } },
  'post-norm, ReLU, sines and cosines': {
    corruption: 'zero',
    model: { ...tiny.model, normPlacement: 'post', activation: 'relu', position: 'sincos' },
  },
  'no positions, dropout': {
    corruption: 'token',
    model: { ...tiny.model, position: 'none', dropout: 0.2 },
  },
  'whole windows, shared forecast mask': {
    sampling: 'windows',
    batchSize: 2,
    maskChannels: 'shared',
    masking: { geometry: 'forecast', patches: 2 },
  },
};

let reference: Backend;
let tested: Backend;
beforeAll(async () => {
  [reference, tested] = await Promise.all([tfjsCpu.create(), onnxCpu.create({ threads: 1 })]);
});
afterAll(async () => {
  await reference.dispose();
  await tested.dispose();
});

test.each(Object.keys(variants))('five training steps agree on every backend: %s', async (name) => {
  const config = parseConfig(pretrainConfigSchema, { ...tiny, ...variants[name] }, name);
  const expected = await trained(reference, config);
  const actual = await trained(tested, config);
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [entry, { data }] of Object.entries(expected)) {
    // Adam divides by the size of a gradient: where that is rounding noise, so is the direction of its step.
    if (!entry.startsWith('adam.') && entry.includes('key.bias')) continue;
    const worst = Math.max(...Array.from(data, (value, i) => Math.abs(value - actual[entry]!.data[i]!)));
    expect(worst, entry).toBeLessThanOrEqual(2e-4);
  }
});

async function trained(
  backend: Backend,
  config: ReturnType<typeof parseConfig<(typeof pretrainConfigSchema)['_output']>>,
): Promise<HostTensors> {
  const prepared = preparePretraining(config, { frame });
  const parameters = initialiseMaskedAutoencoder(prepared.model, randomKey(0));
  const optimiser = adamW({ clipNorm: 1 });
  const state = { ...parameters, ...optimiser.initialState(parameters) };
  const batch = (step: number) => ({
    ...prepared.trainingBatch(step),
    ...optimiserScalars(optimiser, step, 1e-2),
  });
  const step = trainingStep(maskedReconstruction(prepared.model, config), optimiser, Object.keys(parameters));
  const program = await backend.compile(step, signatureOf(state, batch(1)));
  await program.writeState(state);
  const losses: HostTensors[] = [];
  for (let index = 1; index <= config.steps; index++) losses.push(await program.run(batch(index)));
  const outputs = losses.flatMap((output, index) =>
    Object.entries(output).map(([name, tensor]) => [`${name} of step ${index + 1}`, tensor]),
  );
  const result = { ...(await program.readState()), ...Object.fromEntries(outputs) };
  program.dispose();
  return result;
}
