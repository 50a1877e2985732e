import { adapters } from '@patchbert/backend-node-gpu';
import { beforeAll, expect, test } from 'vitest';
import { buildPackage, installFake, newProject } from './support/project.ts';

beforeAll(buildPackage);

const ask = `
  const { adapters } = await import('@patchbert/backend-node-gpu');
  const answers = [];
  for (const { name, isAvailable } of adapters) answers.push([name, (await isAvailable()).reason ?? 'available']);
  console.log(JSON.stringify(Object.fromEntries(answers)));`;

test('the adapters are those of a GPU and of the CPU', () => {
  expect(adapters.map(({ name }) => name)).toEqual(['tfjs-node-gpu', 'tfjs-node-cpu']);
});

test('without the npm package, the reason says how to install it', async () => {
  const answers = (await newProject().evaluate(ask)) as Record<string, string>;
  expect(answers['tfjs-node-gpu']).toMatch(
    /^@tensorflow\/tfjs-node-gpu is not installed; run "npm install .*tfjs-node-gpu@4.22.0", then "np/,
  );
  expect(answers['tfjs-node-cpu']).toMatch(/^@tensorflow\/tfjs-node is not installed; run "npm install /);
});

test('an adapter that cannot run refuses with the same reason, in one line', async () => {
  const message = await newProject().evaluate(`
    const { tfjsNodeGpu } = await import('@patchbert/backend-node-gpu');
    await tfjsNodeGpu.create().catch(({ code, message }) => console.log(JSON.stringify(code + ' ' + message)));`);
  expect(message).toMatch(
    /^backend\/unavailable backend "tfjs-node-gpu" cannot run here: @tensorflow\/tfjs-node-gpu is not/,
  );
  expect(message).not.toContain('\n');
});

test('a package of another version is told from tfjs-core', async () => {
  const project = newProject();
  installFake(project, '@tensorflow/tfjs-node', {}, '4.20.0');
  expect(await project.evaluate(ask)).toMatchObject({
    'tfjs-node-cpu': expect.stringMatching(
      /4\.20\.0 does not fit @tensorflow\/tfjs-core 4\.22\.0; run "npm install/,
    ),
  });
});

test('without the native binding, the reason says how to build it', async () => {
  const project = newProject();
  for (const name of ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'] as const)
    installFake(project, name, {});
  expect(await project.evaluate(ask)).toMatchObject({
    'tfjs-node-cpu': expect.stringMatching(/installed without its native binding; run "np/),
    'tfjs-node-gpu': expect.stringMatching(/installed without its native binding; run "np/),
  });
});

test('a native binding that does not load is named with the first line of why', async () => {
  const project = newProject();
  const binding = 'lib/napi-v8/tfjs_binding.node';
  installFake(project, '@tensorflow/tfjs-node', {
    'index.js': `require('./${binding}');`,
    [binding]: 'built for another system',
  });
  const { 'tfjs-node-cpu': reason } = (await project.evaluate(ask)) as Record<string, string>;
  expect(reason).toMatch(
    /^the native binding of @tensorflow\/tfjs-node does not load in Node .* \(.+\); run "np/,
  );
  expect(reason).not.toContain('\n');
});

test('a package that registers in another copy of tfjs-core is told so', async () => {
  const project = newProject();
  installFake(project, '@tensorflow/tfjs-node', { 'lib/napi-v8/tfjs_binding.node': '' });
  expect(await project.evaluate(ask)).toMatchObject({
    'tfjs-node-cpu': expect.stringContaining('another copy of @tensorflow/tfjs-core'),
  });
});

/** A package whose engine computes as tfjs' own on the CPU, and says that it uses a GPU or not. */
const engine = (isUsingGpuDevice: boolean, isGPUPackage: boolean) => ({
  'lib/napi-v8/tfjs_binding.node': '',
  'index.js': `
    const tf = require('@tensorflow/tfjs-core');
    tf.registerBackend('tensorflow', () => Object.assign(new tf.KernelBackend(), {
      binding: { TF_Version: '2.21.0' }, isUsingGpuDevice: ${isUsingGpuDevice}, isGPUPackage: ${isGPUPackage}, dispose() {},
    }), 3);
    tf.registerKernel({ kernelName: 'Round', backendName: 'tensorflow', kernelFunc() {} });
    tf.setBackend('tensorflow');`,
});

test('where TensorFlow fell back to the CPU, the GPU is refused and the CPU is to be had by its name', async () => {
  const project = newProject();
  installFake(project, '@tensorflow/tfjs-node-gpu', engine(false, true));
  expect(await project.evaluate(ask)).toEqual({
    'tfjs-node-gpu': expect.stringMatching(
      /found no CUDA device .* NVIDIA driver, CUDA and cuDNN.* choose tfjs-node-cpu/,
    ),
    'tfjs-node-cpu': 'available',
  });
});

test('where TensorFlow uses a GPU, the CPU is refused, and the engine says what it is', async () => {
  const project = newProject();
  installFake(project, '@tensorflow/tfjs-node-gpu', engine(true, true));
  expect(await project.evaluate(ask)).toEqual({
    'tfjs-node-gpu': 'available',
    'tfjs-node-cpu': expect.stringMatching(
      /computes on the GPU; choose tfjs-node-gpu, or .*CUDA_VISIBLE_DEVICES/,
    ),
  });
});

test('a process holds one TensorFlow, and the second is refused', async () => {
  const project = newProject();
  installFake(project, '@tensorflow/tfjs-node-gpu', engine(true, true));
  installFake(project, '@tensorflow/tfjs-node', engine(false, false));
  expect(await project.evaluate(ask)).toEqual({
    'tfjs-node-gpu': 'available',
    'tfjs-node-cpu': expect.stringMatching(
      /has loaded @tensorflow\/tfjs-node-gpu, .* in a process of its own/,
    ),
  });
});

test('loading makes no engine current, neither now nor by its priority', async () => {
  const project = newProject();
  installFake(project, '@tensorflow/tfjs-node', engine(false, false));
  const seen = await project.evaluate(`
    const tf = (await import('@tensorflow/tfjs-core')).default;
    const { tfjsNodeCpu } = await import('@patchbert/backend-node-gpu');
    tf.registerBackend('mine', () => Object.assign(new tf.KernelBackend(), { dispose() {} }), 1);
    await tfjsNodeCpu.isAvailable();
    const chosenByNobody = tf.getBackend() ?? null;
    await tf.ready();
    console.log(JSON.stringify([chosenByNobody, tf.getBackend(), tf.findBackendFactory('tensorflow') !== null]));`);
  expect(seen).toEqual([null, 'mine', true]);
});
