/**
 * A backend of one's own. It runs every op with tfjs' kernels in plain JavaScript, except two that a transformer spends much time
 * in: GELU and layer normalisation, five and nine ops of tfjs, are one loop each here.
 *
 *   patchbert-pretrain --backend ./index.mjs
 *   patchbert-pretrain backends ./index.mjs --check
 *
 * Replace the two kernels by calls of your own engine, or `start` by whatever loads it.
 */
import { defineBackend, ensureGradients } from '@patchbert/backend';
import { FUSED_KERNELS } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';

/** What tfjs knows the engine by. */
const engine = 'cpu-fused';

/** The programs and `backends ./index.mjs` read this list; one package may offer several. */
export const adapters = [
  defineBackend({
    name: 'cpu-fused',
    description: 'TensorFlow.js in plain JavaScript, GELU and layer norm fused',
    // What needs a device or a download says here whether it is there, and if not, what to do about it:
    // isAvailable: async () => ({ available: false, reason: 'no device found; plug it in and try again' }),
    async start() {
      await ensureGradients(); // brings tfjs' own kernels, too
      registerEngine();
      return {
        tfjsBackend: engine,
        capabilities: {
          trains: true,
          precision: 'float32',
          // Goes into receipts. A run resumes to the same bits where this stays the same.
          engine: `tfjs-core ${tf.version_core}, JavaScript with fused kernels, 1 thread`,
        },
      };
    },
  }),
];

/** tfjs keeps engines and kernels in one registry for the whole process, so this happens once. */
function registerEngine() {
  if (tf.findBackendFactory(engine) !== null) return;
  tf.registerBackend(engine, tf.findBackendFactory('cpu'));
  for (const kernel of tf.getKernelsForBackend('cpu')) tf.registerKernel({ ...kernel, backendName: engine });
  tf.registerKernel({ kernelName: FUSED_KERNELS.gelu, backendName: engine, kernelFunc: gelu });
  tf.registerKernel({ kernelName: FUSED_KERNELS.layerNorm, backendName: engine, kernelFunc: layerNorm });
}

/** `x * (1 + erf(x / sqrt 2)) / 2`. The gradient is composed of plain ops, as on every backend. */
function gelu({ inputs: { x }, backend }) {
  const values = valuesOf(backend, x);
  const y = new Float32Array(values.length);
  for (let i = 0; i < y.length; i++) y[i] = 0.5 * values[i] * (1 + erf(values[i] * Math.SQRT1_2));
  return backend.makeTensorInfo(x.shape, 'float32', y);
}

/** Over the last axis; mean and inverse deviation go out as well, for the gradient. */
function layerNorm({ inputs: { x, scale, offset }, attrs: { epsilon }, backend }) {
  const [values, scales, offsets] = [x, scale, offset].map((tensor) => valuesOf(backend, tensor));
  const width = scales.length;
  const rows = values.length / width;
  const y = new Float32Array(values.length);
  const means = new Float32Array(rows);
  const inverses = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const first = row * width;
    let [sum, squares] = [0, 0];
    for (let i = 0; i < width; i++) sum += values[first + i];
    const mean = sum / width;
    for (let i = 0; i < width; i++) squares += (values[first + i] - mean) ** 2;
    const inverse = 1 / Math.sqrt(squares / width + epsilon);
    for (let i = 0; i < width; i++)
      y[first + i] = (values[first + i] - mean) * inverse * scales[i] + offsets[i];
    means[row] = mean;
    inverses[row] = inverse;
  }
  const perRow = [...x.shape.slice(0, -1), 1];
  return [
    backend.makeTensorInfo(x.shape, 'float32', y),
    backend.makeTensorInfo(perRow, 'float32', means),
    backend.makeTensorInfo(perRow, 'float32', inverses),
  ];
}

function valuesOf(backend, { dataId }) {
  return backend.data.get(dataId).values;
}

/** Abramowitz and Stegun, 7.1.26, with the coefficients that tfjs uses everywhere; off by 1.5e-7 at the most. */
function erf(x) {
  const { ERF_P, ERF_A1, ERF_A2, ERF_A3, ERF_A4, ERF_A5 } = tf.backend_util;
  const t = 1 / (1 + ERF_P * Math.abs(x));
  const sum = ((((ERF_A5 * t + ERF_A4) * t + ERF_A3) * t + ERF_A2) * t + ERF_A1) * t;
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}
