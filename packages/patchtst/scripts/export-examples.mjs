// Trains a small PatchTST for every task, exports each for Hugging Face, and writes beside it what it says of some series:
// `node packages/patchtst/scripts/export-examples.mjs <folder>`; then see docs/interoperability.md.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onnxCpu } from '@patchbert/backend-onnx';
import { float32Tensor } from '@patchbert/ops';
import {
  classificationBatch,
  createPatchTST,
  drawPatchMask,
  exportPatchTST,
  forecastingBatch,
  learnedParameters,
  openPatchTST,
  patchtstObjective,
  pretrainingBatch,
  regressionBatch,
} from '@patchbert/patchtst';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import { writeSafetensors } from '@patchbert/safetensors';
import { adamW, constant, fit, optimiserScalars, signatureOf, trainingStep } from '@patchbert/train';

const CONTEXT = 64;
const CHANNELS = 3;
const BATCH = 16;
const STEPS = 30;

const models = {
  forecast: { task: 'forecast', horizon: 12, pooling: 'none' },
  'forecast-own-embeddings': {
    task: 'forecast',
    horizon: 12,
    embedding: 'per-channel',
    channelAttention: true,
    scaling: 'mean',
  },
  classify: { task: 'classify', targets: 3, classToken: true, normPlacement: 'post' },
  regress: {
    task: 'regress',
    targets: 2,
    norm: 'layer',
    pooling: 'max',
    outputRange: [-3, 3],
    activation: 'silu',
  },
  pretrain: { task: 'pretrain', position: 'learned', feedForwardBias: false },
  encode: { task: 'encode', norm: 'layer' },
};

const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: node packages/patchtst/scripts/export-examples.mjs <folder>');
  process.exit(1);
}
const backend = await onnxCpu.create();
for (const [name, options] of Object.entries(models)) {
  const model = createPatchTST(
    {
      channels: CHANNELS,
      contextLength: CONTEXT,
      patchLength: 8,
      patchStride: 6,
      width: 16,
      layers: 2,
      feedForwardWidth: 32,
      ...options,
    },
    randomKey(1),
  );
  const trained = model.config.task === 'encode' ? model : await train(model);
  const path = join(folder, name);
  await exportPatchTST(trained, path);
  const series = waves(0, CONTEXT);
  await mkdir(join(folder, 'outputs'), { recursive: true });
  const output = await outputOf(trained, series);
  await writeFile(
    join(folder, 'outputs', `${name}.safetensors`),
    writeSafetensors(Object.entries({ past_values: series.values, output })),
  );
  console.log(`${path}: output [${output.shape.join(', ')}]`);
}
await backend.dispose();

/** What a model says of series; `pretrain` with every patch visible. */
async function outputOf(model, series) {
  const open = openPatchTST(model, backend, { batchSize: BATCH });
  const { task } = model.config;
  if (task === 'encode') return (await open.encode(series)).lastHiddenState;
  if (task !== 'pretrain') return open[task](series);
  const patches = BATCH * CHANNELS * (Math.floor((CONTEXT - 8) / 6) + 1);
  return open.reconstruct(series, new Uint8Array(patches));
}

async function train(model) {
  const { config, parameters } = model;
  const optimiser = adamW({ clipNorm: 1 });
  const learned = learnedParameters(config);
  const state = {
    ...parameters,
    ...optimiser.initialState(Object.fromEntries(learned.map((one) => [one, parameters[one]]))),
  };
  const makeBatch = (step) => batchOf(config, waves(step, CONTEXT), step);
  const program = await backend.compile(
    trainingStep(patchtstObjective(config), optimiser, learned),
    signatureOf(state, { ...makeBatch(1), ...optimiserScalars(optimiser, 1, 0) }),
  );
  await program.writeState(state);
  await fit({ program, optimiser, schedule: constant(0.003), firstStep: 1, lastStep: STEPS, makeBatch });
  return { ...model, parameters: await program.readState(Object.keys(parameters)) };
}

function batchOf(config, series, step) {
  switch (config.task) {
    case 'forecast':
      return forecastingBatch(config, series, waves(step, CONTEXT + config.horizon, CONTEXT).values);
    case 'classify':
      return classificationBatch(
        config,
        series,
        Array.from({ length: BATCH }, (_, i) => i % config.targets),
      );
    case 'regress':
      return regressionBatch(
        config,
        series,
        float32Tensor(
          Float32Array.from({ length: BATCH * config.targets }, (_, i) => Math.sin(i)),
          [BATCH, config.targets],
        ),
      );
    default:
      return pretrainingBatch(config, series, drawPatchMask(config, BATCH, deriveKey(randomKey(2), step)));
  }
}

/** Waves with noise, from point `from` to `length`: `[BATCH, length - from, CHANNELS]`. */
function waves(step, length, from = 0) {
  const noise = normals(deriveKey(randomKey(3), step), BATCH * length * CHANNELS);
  const points = length - from;
  const values = Float32Array.from({ length: BATCH * points * CHANNELS }, (_, i) => {
    const channel = i % CHANNELS;
    const time = from + (Math.floor(i / CHANNELS) % points);
    const sample = Math.floor(i / CHANNELS / points);
    const z = noise[(sample * length + time) * CHANNELS + channel];
    return 2 * channel + (1 + sample / 8) * Math.sin((time + step) / (2 + channel + (sample % 3))) + 0.1 * z;
  });
  return { values: float32Tensor(values, [BATCH, points, CHANNELS]) };
}
