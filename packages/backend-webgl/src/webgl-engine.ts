import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';

const ENGINE = 'webgl';

/** tfjs' own order of preference among its engines. */
const PRIORITY = 2;

/** Loads tfjs' WebGL engine; one whose context was lost makes way for a new one. tfjs has one engine per page, so all share it. */
export async function startWebglEngine(): Promise<MathBackendWebGL> {
  await import('@tensorflow/tfjs-backend-webgl');
  // Without it tfjs refuses contexts that a browser renders in software; `capabilities.engine` names those instead.
  tf.env().set('SOFTWARE_WEBGL_ENABLED', true);
  replaceLostEngine();
  const engine = tf.findBackend(ENGINE) as MathBackendWebGL | null;
  if (engine === null || engine === undefined) throw new Error('tfjs found no WebGL2 context it can use.');
  // The same function each time, so that it is added once.
  engine.gpgpu.gl.canvas.addEventListener('webglcontextlost', replaceLostEngine);
  return engine;
}

/**
 * Says why the device of an engine is gone, once it is: for good, even if the browser restores the context, because nothing that
 * was on it comes back.
 */
export function lossOf(engine: MathBackendWebGL): () => string | undefined {
  const { gl } = engine.gpgpu;
  return () => {
    if (gl.isContextLost() || registeredEngine() !== engine) return 'its WebGL context was lost';
    const error = firstError(gl);
    if (error === undefined) return undefined;
    // Nothing on it can be trusted: given up, so that its memory is free and the next engine gets a context of its own.
    gl.getExtension('WEBGL_lose_context')?.loseContext();
    return `WebGL refused a command (error ${error}), most often because memory ran out`;
  };
}

/** Registers the engine anew, to be started on a context of its own, if the one there is has lost its context. */
function replaceLostEngine(): void {
  const engine = registeredEngine();
  if (engine === undefined || !engine.gpgpu.gl.isContextLost()) return;
  const factory = tf.findBackendFactory(ENGINE);
  endWaits(engine.gpgpu.gl as WebGL2RenderingContext);
  tf.removeBackend(ENGINE);
  tf.registerBackend(ENGINE, factory, PRIORITY);
}

/** A lost context never signals its fences: tfjs would wait for them for ever, and with it whoever awaits an output. */
function endWaits(gl: WebGL2RenderingContext): void {
  gl.clientWaitSync = () => gl.ALREADY_SIGNALED;
}

function registeredEngine(): MathBackendWebGL | undefined {
  return tf.engine().registry[ENGINE] as MathBackendWebGL | undefined;
}

/** WebGL only notes errors, and tfjs does not look: what it computes after one is wrong. */
function firstError(gl: WebGLRenderingContext): string | undefined {
  const error = gl.getError();
  if (error === gl.NO_ERROR) return undefined;
  return error === gl.OUT_OF_MEMORY ? 'out of memory' : `0x${error.toString(16)}`;
}
