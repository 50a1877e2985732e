import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

// Processes of their own, on the package as built: what is loaded, and what keeps a process alive, is per process.
const index = new URL('../../dist/index.js', import.meta.url).href;
const folder = fileURLToPath(new URL('../..', import.meta.url));

async function runNode(program: string, environment: Record<string, string> = {}, ...flags: string[]) {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...flags, '--input-type=module', '--eval', program],
    { cwd: folder, env: { ...process.env, ...environment }, timeout: 50_000 },
  );
  return stdout.trim();
}

const available = `
  import { tfjsWebgpu } from '${index}';
  const availability = await tfjsWebgpu.isAvailable();
  console.log(availability.available ? 'available' : availability.reason);
`;

test('without the package webgpu it says what to install', async () => {
  const hooks = `export async function resolve(specifier, context, next) {
    if (specifier !== 'webgpu') return next(specifier, context);
    throw Object.assign(new Error("Cannot find package 'webgpu'"), { code: 'ERR_MODULE_NOT_FOUND' });
  }`;
  const url = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
  const register = `import { register } from 'node:module'; register('${url(hooks).replaceAll("'", '%27')}');`;
  expect(await runNode(available, {}, '--import', url(register))).toMatch(/npm install webgpu@/);
});

test('without a driver it says what to install', async () => {
  const reason = await runNode(available, { VK_ICD_FILENAMES: '/nowhere/driver.json' });
  expect(reason).toMatch(/finds no graphics card.*driver.*vulkaninfo.*onnx-cpu/);
  expect(reason).not.toContain('\n');
});

test('a process ends by itself, whether its backend was disposed or not, and little of it became global', async () => {
  const program = `
    const before = new Set(Object.getOwnPropertyNames(globalThis));
    import { tfjsWebgpu } from '${index}';
    import * as tf from '@tensorflow/tfjs-core';
    const spec = { shape: [4], dtype: 'float32' };
    const backend = await tfjsWebgpu.create();
    const program = await backend.compile((_, { x }) => ({ state: {}, outputs: { y: tf.mul(x, 2) } }), { state: {}, batch: { x: spec } });
    const { y } = await program.run({ x: { ...spec, data: Float32Array.of(1, 2, 3, 4) } });
    if (process.env.DISPOSES) await backend.dispose();
    const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name) && !name.startsWith('_'));
    console.log(JSON.stringify({ y: [...y.data], added, gpu: globalThis.navigator?.gpu === undefined, engine: backend.capabilities.engine }));
  `;
  for (const environment of [{}, { DISPOSES: '1' }]) {
    expect(JSON.parse(await runNode(program, environment))).toEqual({
      y: [2, 4, 6, 8],
      added: ['GPUBuffer', 'GPUBufferUsage', 'GPUMapMode', 'GPUTexture', 'GPUTextureUsage'],
      gpu: true,
      engine: expect.stringMatching(/^tfjs-backend-webgpu 4\.22\.0, \S+/),
    });
  }
});
