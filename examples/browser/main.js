import { tfjsCpu } from '@patchbert/backend';
import { tfjsWasmFrom } from '@patchbert/backend-wasm';
import { tfjsWebgl } from '@patchbert/backend-webgl';
import { tfjsWebgpu } from '@patchbert/backend-webgpu';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { pretrain } from './pretrain.js';

const output = document.querySelector('pre');
const print = (line) => output.append(`${line}\n`);

for (const adapter of [tfjsWebgpu, tfjsWebgl, tfjsWasmFrom({ plain, simd, threadedSimd }), tfjsCpu]) {
  const availability = await adapter.isAvailable();
  if (!availability.available) {
    print(`${adapter.name}: ${availability.reason}`);
    continue;
  }
  const backend = await adapter.create();
  print(`${adapter.name}: ${backend.capabilities.engine}`);
  const losses = await pretrain(backend, 4);
  print(`${adapter.name}: losses ${losses.map((loss) => loss.toFixed(4)).join(' ')}`);
  await backend.dispose();
}
print('done');
