import { cpSync, existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import {
  command,
  installReal,
  newProject,
  type Project,
  packageFolder,
  runNode,
} from '../support/project.ts';
import { installForWorkspace } from '../support/workspace-binding.ts';

installForWorkspace();

const workspaceBinding = join(packageFolder, 'node_modules/@tensorflow/tfjs-node');
let project: Project;
let folder = '';

// The libraries are in the default cache by now, so that this downloads nothing.
beforeAll(async () => {
  project = newProject();
  folder = installReal(project, '@tensorflow/tfjs-node');
  const { code, stdout, stderr } = await project.run(['install', '--cpu']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/building the native binding.*\n[\s\S]*TensorFlow 2\.21\.0 computes on the CPU/);
  expect(stdout).not.toMatch(/download/);
}, 300_000);

test('a second installation finds the first and does nothing', async () => {
  const { code, stdout } = await project.run(['install', '--cpu']);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/nothing to do\n.*computes on the CPU/)]);
  expect(stdout).not.toContain('building');
});

test('status tries what is there', async () => {
  const { code, stdout } = await project.run(['status']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^tfjs-node-cpu +✓ TensorFlow 2\.21\.0 on the CPU/m);
  expect(stdout).toMatch(/^tfjs-node-gpu +✗ .*not installed/m);
});

const train = `
  const tf = (await import('@tensorflow/tfjs-core')).default;
  const { tfjsNodeCpu } = await import('@patchbert/backend-node-gpu');
  const backend = await tfjsNodeCpu.create();
  const scalar = { shape: [2], dtype: 'float32' };
  const step = ({ w }, { x }) => {
    const grad = tf.grad((value) => tf.sum(tf.square(tf.sub(value, x))))(w);
    return { state: { w: tf.sub(w, tf.mul(grad, 0.5)) }, outputs: { largest: tf.topk(x, 1).values } };
  };
  const program = await backend.compile(step, { state: { w: scalar }, batch: { x: scalar } });
  await program.writeState({ w: { ...scalar, data: Float32Array.of(0, 0) } });
  const { largest } = await program.run({ x: { ...scalar, data: Float32Array.of(3, 4) } });
  console.log(JSON.stringify([...(await program.readState()).w.data, ...largest.data]));`;

test('a program trains on it and TensorFlow prints nothing', async () => {
  expect(await project.evaluate(train)).toEqual([3, 4, 4]);
});

test('it also does where Node has lost the functions that tfjs-node calls', async () => {
  const lose = `import util from 'node:util'; delete util.isNullOrUndefined; delete util.isArray;
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '23.0.0' } });`;
  const newerNode = ['--import', `data:text/javascript,${encodeURIComponent(lose)}`];
  expect(await project.evaluate(train, newerNode)).toEqual([3, 4, 4]);
});

test('on a machine without a CUDA device, tfjs-node-gpu refuses to compute on the CPU', async () => {
  const other = newProject();
  const target = installReal(other, '@tensorflow/tfjs-node-gpu');
  for (const name of ['deps', 'lib']) {
    cpSync(join(workspaceBinding, name), join(target, name), { recursive: true, verbatimSymlinks: true });
  }
  const reason = await other.evaluate(`
    const { tfjsNodeGpu } = await import('@patchbert/backend-node-gpu');
    await tfjsNodeGpu.create().catch(({ message }) => console.log(JSON.stringify(message)));`);
  expect(reason).toMatch(
    /^backend "tfjs-node-gpu" cannot run here: TensorFlow 2\.21\.0 found no CUDA device and fell back to the CPU; .*choose tfjs-node-cpu/,
  );
  const { code, stdout } = await other.run(['status']);
  expect([code, stdout]).toEqual([1, expect.stringMatching(/tfjs-node-gpu +✗ .*found no CUDA device/)]);
});

test('what no longer loads is named, and mended by another installation', async () => {
  const { tensorflow } = JSON.parse(readFileSync(join(folder, 'lib/patchbert-node-gpu.json'), 'utf8')) as {
    tensorflow: string;
  };
  expect(dirname(readlinkSync(join(folder, 'deps/lib/libtensorflow_cc.so.2')))).toBe(join(tensorflow, 'lib'));
  rmSync(join(folder, 'deps/lib/libtensorflow_cc.so.2'));
  const broken = await project.evaluate(`
    const { tfjsNodeCpu } = await import('@patchbert/backend-node-gpu');
    console.log(JSON.stringify(await tfjsNodeCpu.isAvailable()));`);
  expect(broken).toMatchObject({
    reason: expect.stringMatching(
      /does not load .*libtensorflow.* run "npx patchbert-node-gpu install --cpu"/,
    ),
  });
  const { code, stdout } = await project.run(['install', '--cpu']);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/does not work \(.*\); building it anew/)]);
}, 120_000);

test('uninstall takes away all that install made, and nothing else', async () => {
  const { code, stdout } = await project.run(['uninstall']);
  expect([code, stdout]).toEqual([0, `removed the native binding from ${folder}\n`]);
  expect(['deps', 'lib'].filter((name) => existsSync(join(folder, name)))).toEqual([]);
  expect(readdirSync(folder)).toContain('binding');
  expect((await project.run(['uninstall'])).stdout).toBe('nothing to remove\n');
  expect((await runNode(packageFolder, [command, 'status'])).stdout).toMatch(/^tfjs-node-cpu +✓/m);
});
