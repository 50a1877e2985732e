import { readSafetensors, toFloat32 } from '@patchbert/safetensors';
import * as onnx from 'onnxruntime-web/wasm';

// Runs the exported models on the windows that were put down beside them, and compares.
const lines = document.querySelector('pre');
const say = (text) => lines.append(`${text}\n`);

async function load(name) {
  const response = await fetch(`./${name}`);
  if (!response.ok) throw new Error(`${name} is not there: run npm start first`);
  return new Uint8Array(await response.arrayBuffer());
}

async function check(model, batch) {
  const session = await onnx.InferenceSession.create(await load(`${model}.onnx`));
  const { tensors } = readSafetensors(await load(`${model}-${batch}.safetensors`));
  const input = tensors.get('in.values');
  const outputs = await session.run({
    values: new onnx.Tensor('float32', toFloat32(input), input.shape),
  });
  for (const [name, tensor] of tensors) {
    if (!name.startsWith('out.')) continue;
    const expected = toFloat32(tensor);
    const { data, dims } = outputs[name.slice('out.'.length)];
    if (dims.join() !== tensor.shape.join()) throw new Error(`${name} is [${dims}]`);
    const shares = expected.map((value, i) => Math.abs(data[i] - value) / Math.max(1, Math.abs(value)));
    say(
      `${model} batch ${batch} ${name.slice(4)} largest difference ${Math.max(...shares).toExponential(1)}`,
    );
  }
}

try {
  for (const model of ['forecaster', 'classifier']) {
    for (const batch of [1, 7, 64]) await check(model, batch);
  }
  say('done');
} catch (error) {
  say(`failed: ${error.message}`);
}
