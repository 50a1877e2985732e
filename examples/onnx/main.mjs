import { mkdir, writeFile } from 'node:fs/promises';
import { writeSafetensors } from '@patchbert/safetensors';
import { Classifier, createFrame, createSeriesSet, Forecaster, stackFrames } from 'patchbert';

// Fits a small forecaster and a small classifier, exports both to ONNX, and puts down beside them what they say of 1, 7 and 64 windows,
// so that another language can be held to it: `python check_onnx.py public`, or the page in this folder.
const folder = process.argv[2] ?? 'public';
await mkdir(folder, { recursive: true });
const batches = [1, 7, 64];

/** Raw values, and what is predicted of them, as tensors. */
async function writeCheck(name, tensors) {
  const entries = Object.entries(tensors).map(([key, { values, shape }]) => [
    key,
    { dtype: 'float32', data: Float32Array.from(values), shape },
  ]);
  await writeFile(`${folder}/${name}.safetensors`, writeSafetensors(entries));
}

// An hourly load and a temperature, with a gap now and then.
const contextLength = 96;
const wave = (hour) => Math.sin((hour * Math.PI) / 12);
const noise = (hour) => Math.sin(hour * hour * 0.7);
const measured = (value, hour) => (hour % 101 === 7 ? Number.NaN : value);
const load = (hour) => measured(1000 + 200 * wave(hour) + 20 * noise(hour), hour);
const heat = (hour) => measured(15 + 5 * wave(hour - 3) + noise(hour + 1), hour + 50);
const recording = (name, start, length) =>
  createFrame({
    name,
    channels: ['load', 'heat'],
    columns: [load, heat].map((of) => Float32Array.from({ length }, (_, i) => of(start + i))),
  });
const horizon = 24;
const short = { steps: 40, contextLength };
const forecaster = await Forecaster.fit(recording('site', 0, 1500), { horizon, pretrain: short });
const exported = await forecaster.exportOnnx({ quantiles: [0.1, 0.5, 0.9] });
await writeFile(`${folder}/forecaster.onnx`, exported.file);
for (const { name, shape } of [...exported.inputs, ...exported.outputs]) console.log(`${name} [${shape}]`);
for (const batch of batches) {
  const windows = Array.from({ length: batch }, (_, i) => recording(`${i}`, 2000 + 13 * i, contextLength));
  const forecasts = await forecaster.predict(stackFrames(windows, { name: 'windows' }), {
    quantiles: [0.1, 0.5, 0.9],
  });
  const byTime = (columns, length) =>
    Array.from({ length }, (_, i) => columns.map((column) => column[i])).flat();
  await writeCheck(`forecaster-${batch}`, {
    'in.values': {
      values: windows.flatMap(({ columns }) => byTime(columns, contextLength)),
      shape: [batch, contextLength, 2],
    },
    'out.forecast': {
      values: forecasts.flatMap(({ mean }) => byTime(mean, horizon)),
      shape: [batch, horizon, 2],
    },
    'out.quantiles': {
      values: forecasts.flatMap(({ quantiles }) =>
        Array.from({ length: horizon }, (_, h) =>
          [0, 1].flatMap((c) => quantiles.map(({ columns }) => columns[c][h])),
        ).flat(),
      ),
      shape: [batch, horizon, 2, 3],
    },
  });
}
await forecaster.dispose();

// Recordings of a machine that runs smoothly or rattles, 30 to 40 points long.
const machines = (count, first) =>
  createSeriesSet({
    name: 'machines',
    channels: ['vibration'],
    series: Array.from({ length: count }, (_, i) => {
      const rattle = (first + i) % 2;
      const value = (t) => Math.sin((t + i) / 5) + rattle * Math.sin(t * 2.1) + 0.2 * noise(t + 40 * i);
      return { id: `${i}`, values: [Float32Array.from({ length: 30 + (i % 11) }, (_, t) => value(t))] };
    }),
    labels: Array.from({ length: count }, (_, i) => ((first + i) % 2 ? 'rattle' : 'smooth')),
  });
const few = { training: { steps: 30 } };
const classifier = await Classifier.fit(machines(40, 0), { members: 2, pretraining: few, fineTuning: few });
const { file, inputs } = await classifier.exportOnnx();
await writeFile(`${folder}/classifier.onnx`, file);
const [, length] = inputs[0].shape;
for (const batch of batches) {
  const set = machines(batch, 100);
  const probabilities = await classifier.predictProba(set);
  await writeCheck(`classifier-${batch}`, {
    'in.values': {
      values: set.series.flatMap(({ values }) =>
        Array.from({ length }, (_, i) => values[0][i] ?? Number.NaN),
      ),
      shape: [batch, length, 1],
    },
    'out.probabilities': { values: probabilities.flat(), shape: [batch, 2] },
  });
}
await classifier.dispose();
console.log(`models and checks are in ${folder}`);
