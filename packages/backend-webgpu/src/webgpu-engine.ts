import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { registerAddInGroups } from './add-in-groups.ts';
import { describeAdapter } from './describe-adapter.ts';
import type { FoundAdapter } from './find-adapter.ts';

const ENGINE = 'webgpu';

/** tfjs' own order of preference among its engines. */
const PRIORITY = 3;

/** What tfjs asks a card for beyond the least that every card has. */
const NEEDED_LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const;

/** What became of the device of an engine. tfjs keeps one engine per page or process; what we know of it is kept beside it. */
const losses = new WeakMap<WebGPUBackend, { reason?: string }>();

/** The engine that tfjs has, unless its device was lost. */
export function runningEngine(): WebGPUBackend | undefined {
  const engine = registeredEngine();
  return engine !== undefined && lossOf(engine)() === undefined ? engine : undefined;
}

/** tfjs' WebGPU engine, shared by all who start it, and the card it is on; one whose device was lost makes way for a new one. */
export async function startEngine(
  findAdapter: () => Promise<FoundAdapter>,
): Promise<{ engine: WebGPUBackend; description: string }> {
  const engine = runningEngine() ?? (await newEngine(await findAdapter()));
  return { engine, description: describeAdapter(engine.device.adapterInfo) };
}

/** Says why the device of an engine is gone, once it is. */
export function lossOf(engine: WebGPUBackend): () => string | undefined {
  const loss = losses.get(engine) ?? watch(engine);
  return () => loss.reason ?? (registeredEngine() === engine ? undefined : 'tfjs has another one');
}

async function newEngine({ gpu, adapter }: FoundAdapter): Promise<WebGPUBackend> {
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  registerAddInGroups();
  const requiredLimits = Object.fromEntries(NEEDED_LIMITS.map((name) => [name, adapter.limits[name]]));
  const device = await adapter.requestDevice({ requiredLimits });
  const startedMeanwhile = runningEngine();
  if (startedMeanwhile !== undefined) {
    device.destroy();
    return startedMeanwhile;
  }
  const engine = withNavigatorGpu(gpu, () => new WebGPUBackend(device, adapter.info));
  // Before it is asked for, so that tfjs does not ask for a device of its own, of whose loss nobody would hear.
  if (tf.findBackendFactory(ENGINE) !== null) tf.removeBackend(ENGINE);
  tf.registerBackend(ENGINE, () => engine, PRIORITY);
  tf.findBackend(ENGINE);
  watch(engine);
  return engine;
}

/** Calls `action` while `navigator.gpu` is there, which is where tfjs looks whether there is WebGPU at all; Node has none. */
function withNavigatorGpu<T>(gpu: GPU, action: () => T): T {
  if (globalThis.navigator?.gpu !== undefined) return action();
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  try {
    return action();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, 'navigator');
    else Object.defineProperty(globalThis, 'navigator', before);
  }
}

/** WebGPU tells of a lost device and of commands it refused by promise and event only, and tfjs does not listen. */
function watch(engine: WebGPUBackend): { reason?: string } {
  const loss: { reason?: string } = {};
  losses.set(engine, loss);
  void engine.device.lost.then(({ reason, message }) => {
    loss.reason ??= `${reason}: ${firstLine(message)}`;
  });
  engine.device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    const { error } = event as GPUUncapturedErrorEvent;
    // By name: in Node the class is Dawn's, and not global.
    const outOfMemory = error.constructor.name === 'GPUOutOfMemoryError';
    const what = outOfMemory ? 'it ran out of memory' : 'it refused a command';
    // What it computes from now on is wrong: given up, so that its memory is free and the next engine gets a device of its own.
    loss.reason ??= `${what}: ${firstLine(error.message)}`;
    engine.device.destroy();
  });
  return loss;
}

function registeredEngine(): WebGPUBackend | undefined {
  return tf.engine().registry[ENGINE] as WebGPUBackend | undefined;
}

function firstLine(message: string): string {
  return message.split('\n')[0]!;
}
