import type * as ort from 'onnxruntime-common';
import type { OnnxRuntime } from '../session/onnx-engine.ts';

/** onnxruntime-web, once one of its modules is loaded. */
export type PageOnnxruntime = Pick<typeof ort, 'env' | 'InferenceSession' | 'Tensor'>;

/**
 * onnxruntime-web as the sessions of this package need it: calls take turns, whatever program they belong to. There is one
 * WebAssembly instance in a page; it has one stack, and its waiting for a graphics card cannot be entered twice.
 */
export function pageRuntime(
  { InferenceSession, Tensor }: PageOnnxruntime,
  provider: ort.InferenceSession.ExecutionProviderConfig,
): OnnxRuntime {
  return {
    Tensor,
    async createSession(model, deviceOutputs) {
      const session = await inTurn(InferenceSession, () =>
        InferenceSession.create(model, {
          executionProviders: [provider],
          graphOptimizationLevel: 'all',
          // As in Node: nothing is left to the processor in silence. WebAssembly is the processor.
          ...(provider === 'wasm' ? {} : { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
          logSeverityLevel: 4,
          ...(deviceOutputs.length > 0
            ? {
                preferredOutputLocation: Object.fromEntries(
                  deviceOutputs.map((name) => [name, 'gpu-buffer']),
                ),
              }
            : {}),
        }),
      );
      return {
        inputNames: session.inputNames,
        outputNames: session.outputNames,
        run: (feeds, fetches) => inTurn(InferenceSession, () => session.run(feeds, fetches)),
        release: () => inTurn(InferenceSession, () => session.release()),
      };
    },
  };
}

/** The last call into each loaded module. */
const last = new WeakMap<object, Promise<unknown>>();

async function inTurn<T>(module: object, action: () => Promise<T>): Promise<T> {
  const turn = (last.get(module) ?? Promise.resolve()).then(action, action);
  last.set(module, turn);
  return turn;
}
