/** What the page of `page/index.html` offers to whoever drives it; `measure-in-page.ts` does, with headless Chromium. */
import { type BackendAdapter, tfjsCpu } from '@patchbert/backend';
import { adapters as onnxAdapters } from '@patchbert/backend-onnx';
import { tfjsWasmFrom } from '@patchbert/backend-wasm';
import { adapters as webglAdapters } from '@patchbert/backend-webgl';
import { adapters as webgpuAdapters } from '@patchbert/backend-webgpu';
import { measureOne } from '../measure-one.ts';
import type { MeasuredBackend, UnmeasuredBackend } from '../measured-backend.ts';

/** The driver serves the files of tfjs-wasm there. */
const wasm = tfjsWasmFrom('/wasm/');

/** Backends for Node alone say so of themselves. */
const adapters: readonly BackendAdapter[] = [
  ...onnxAdapters,
  ...webgpuAdapters,
  ...webglAdapters,
  wasm,
  tfjsCpu,
];

/** The page's side of a measurement. */
export interface MeasuringPage {
  readonly names: readonly string[];
  readonly baseline: string;
  measure(name: string): Promise<MeasuredBackend | UnmeasuredBackend>;
}

const page: MeasuringPage = {
  names: adapters.map(({ name }) => name),
  baseline: wasm.name,
  async measure(name) {
    const adapter = adapters.find((one) => one.name === name)!;
    try {
      const availability = await adapter.isAvailable();
      if (!availability.available) return { name, reason: availability.reason };
      return await measureOne(adapter, wasm);
    } catch (error) {
      return { name, reason: error instanceof Error ? error.message.split('\n')[0]! : String(error) };
    }
  },
};

Object.assign(globalThis, { measuringPage: page });
