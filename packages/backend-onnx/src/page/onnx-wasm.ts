import { type BackendOptions, defineBackend } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import { allForms, identityModel } from '@patchbert/onnx';
import { describeThreads } from '../describe-threads.ts';
import { descriptions } from '../descriptions.ts';
import { createOnnxBackend } from '../session/onnx-backend.ts';
import { plainReason } from '../session/plain-reason.ts';
import { loadFailure } from './load-failure.ts';
import { type PageOnnxruntime, pageRuntime } from './page-runtime.ts';

const NAME = 'onnx-wasm';

/**
 * ONNX Runtime as WebAssembly with SIMD, in a page or a worker of one: the same compiled step as in Node, on the processor. With
 * several threads where the page is cross-origin isolated. Needs `onnxruntime-web`.
 *
 * @example
 * const backend = await onnxWasm.create({ threads: 1 });
 */
export const onnxWasm = defineBackend({
  name: NAME,
  description: descriptions[NAME],
  async isAvailable() {
    try {
      await import('onnxruntime-web/wasm');
    } catch (error) {
      return {
        available: false,
        reason: `onnxruntime-web does not load (${plainReason(error)}); install it.`,
      };
    }
    return { available: true };
  },
  async start(options) {
    const ort = await import('onnxruntime-web/wasm');
    const runtime = pageRuntime(ort, 'wasm');
    const threads = await startThreads(ort, options, async () => {
      const session = await runtime.createSession(identityModel('float32'), []);
      await session.release();
    });
    const engine = `ONNX Runtime ${ort.env.versions.web ?? ''}, WebAssembly, ${describeThreads(threads)}`;
    let aborted: string | undefined;
    return createOnnxBackend({
      name: NAME,
      capabilities: { trains: true, precision: 'float32', engine },
      forms: allForms,
      statePlace: 'returned',
      runtime,
      deviceLost: () => aborted,
      noteError(error) {
        // An instance that trapped answers nothing any more.
        if (error instanceof Error && error.name === 'RuntimeError') aborted ??= plainReason(error);
      },
    });
  },
});

/** Threads of each instance that runs: they are fixed when it starts. */
const threadsOf = new WeakMap<object, number>();

/** Starts the page's WebAssembly instance unless it runs; returns its number of threads. */
async function startThreads(
  { env }: PageOnnxruntime,
  { threads }: BackendOptions,
  start: () => Promise<void>,
): Promise<number> {
  const running = threadsOf.get(env);
  if (running !== undefined) {
    if (threads === undefined || threads === running) return running;
    throw badThreads(
      threads,
      `this page started it with ${describeThreads(running)}, which stays so until it is loaded again`,
    );
  }
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  if (threads !== undefined && threads > 1 && crossOriginIsolated !== true) {
    const headers = 'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp';
    throw badThreads(threads, `more than one needs a page served with ${headers}`);
  }
  if (threads !== undefined) env.wasm.numThreads = threads;
  try {
    await start();
  } catch (error) {
    throw loadFailure(NAME, error);
  }
  const started = env.wasm.numThreads ?? 1;
  threadsOf.set(env, started);
  return started;
}

function badThreads(threads: number, why: string): PatchBertError {
  return new PatchBertError(
    'backend/bad-option',
    `${NAME}: it cannot have ${describeThreads(threads)}: ${why}.`,
  );
}
