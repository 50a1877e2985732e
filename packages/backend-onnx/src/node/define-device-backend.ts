import { type Availability, type BackendAdapter, type Capabilities, defineBackend } from '@patchbert/backend';
import { identityModel, type OperatorForms } from '@patchbert/onnx';
import { descriptions, type OnnxBackendName } from '../descriptions.ts';
import { createOnnxBackend } from '../session/onnx-backend.ts';
import type { OnnxEngine, OnnxRuntime } from '../session/onnx-engine.ts';
import { plainReason } from '../session/plain-reason.ts';
import { loadOnnxruntime, type NodeOnnxruntime } from './load-onnxruntime.ts';

/** An execution provider of onnxruntime-node other than that of the processor. */
export interface DeviceProvider {
  readonly name: OnnxBackendName;
  /** ONNX Runtime's name of it. */
  readonly provider: string;
  /** The device, for `capabilities.engine`. */
  readonly device: string;
  readonly trains: boolean;
  readonly precision: Capabilities['precision'];
  readonly forms: OperatorForms;
  /** Whether tensors can stay on the device between runs: onnxruntime-node offers that for WebGPU alone. */
  readonly keepsState: boolean;
  /** Why the binary of this platform lacks the provider. */
  readonly notListed: string;
  /** What is missing beside the binary, if anything. */
  missing?(): string | undefined;
  /** What to do when a session does not open. */
  readonly hint: string;
  /** What errors say when the device is gone. */
  readonly lost: RegExp;
}

/** The adapter of a provider. No node of a step is left to the processor: what the provider refuses is an error. */
export function defineDeviceBackend(provider: DeviceProvider): BackendAdapter {
  const { name } = provider;
  return defineBackend({
    name,
    description: descriptions[name],
    isAvailable: () => availability(provider),
    start: async () => createOnnxBackend(engineOf(provider, await loadOnnxruntime())),
  });
}

async function availability(provider: DeviceProvider): Promise<Availability> {
  const no = (reason: string): Availability => ({ available: false, reason });
  let runtime: NodeOnnxruntime;
  try {
    runtime = await loadOnnxruntime();
  } catch (error) {
    return no(`onnxruntime-node does not load on this platform (${plainReason(error)})`);
  }
  if (!runtime.listSupportedBackends().some(({ name }) => name === provider.provider)) {
    return no(provider.notListed);
  }
  const missing = provider.missing?.();
  if (missing !== undefined) return no(missing);
  try {
    const session = await sessions(provider, runtime).createSession(identityModel('float32'), []);
    await session.release();
    return { available: true };
  } catch (error) {
    return no(`ONNX Runtime opens no session on it (${plainReason(error)}). ${provider.hint}`);
  }
}

function engineOf(provider: DeviceProvider, runtime: NodeOnnxruntime): OnnxEngine {
  const { name, trains, precision, forms, keepsState, lost, device } = provider;
  const engine = `ONNX Runtime ${runtime.env.versions.node ?? ''}, ${provider.provider}, ${device}`;
  let lostReason: string | undefined;
  return {
    name,
    capabilities: { trains, precision, engine },
    forms,
    statePlace: keepsState ? 'device' : 'preallocated',
    runtime: sessions(provider, runtime),
    deviceLost: () => lostReason,
    noteError(error) {
      const reason = plainReason(error);
      if (lost.test(reason)) lostReason ??= reason;
    },
  };
}

function sessions({ provider }: DeviceProvider, { Tensor, InferenceSession }: NodeOnnxruntime): OnnxRuntime {
  return {
    Tensor,
    createSession: (model, deviceOutputs) =>
      InferenceSession.create(model, {
        executionProviders: [provider],
        graphOptimizationLevel: 'all',
        // ONNX Runtime gives what a provider cannot take to the processor, unless it is told not to.
        extra: { session: { disable_cpu_ep_fallback: '1' } },
        // Errors are thrown; printed as well they would tell users twice.
        logSeverityLevel: 4,
        ...(deviceOutputs.length > 0
          ? { preferredOutputLocation: Object.fromEntries(deviceOutputs.map((name) => [name, 'gpu-buffer'])) }
          : {}),
      }),
  };
}
