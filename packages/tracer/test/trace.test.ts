import { PatchBertError } from '@patchbert/errors';
import { FUSED_KERNELS, gelu } from '@patchbert/ops';
import { type Graph, simplify, trace, UntraceableKernelError } from '@patchbert/tracer';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

const vector = { shape: [4], dtype: 'float32' } as const;
const matrix = { shape: [3, 4], dtype: 'float32' } as const;

function kernels(graph: Graph): string[] {
  return graph.nodes.map((node) => node.kernel);
}

/** Traces a function of one tensor and simplifies it. */
function simplified(
  compute: (x: tf.Tensor) => tf.Tensor,
  spec: { shape: readonly number[]; dtype: 'float32' } = matrix,
): Graph {
  return simplify(trace(({ batch }) => ({ output: { y: compute(batch!.x!) } }), { batch: { x: spec } }));
}

function errorOf(action: () => unknown): PatchBertError {
  try {
    action();
  } catch (error) {
    if (error instanceof PatchBertError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('trace', () => {
  it('records the ops of a function with their shapes, and names inputs and outputs by group', () => {
    const graph = trace(({ batch }) => ({ output: { y: tf.sum(tf.exp(batch!.x!), 0) } }), {
      batch: { x: matrix },
    });
    expect([...graph.inputs.keys()]).toEqual(['batch:x']);
    expect(kernels(graph).filter((kernel) => kernel !== 'Identity')).toEqual(['Exp', 'Sum']);
    expect(graph.outputs.get('output:y')).toMatchObject({ shape: [4], dtype: 'float32' });
  });

  it('records gradients', () => {
    const graph = simplified((x) => tf.grad((v) => tf.sum(tf.square(v)))(x), vector);
    expect(kernels(graph)).toEqual(['Multiply']);
  });

  it('leaves tfjs as it was: backend, tensors, and after an error too', () => {
    const before = { backend: tf.getBackend() || 'cpu', tensors: tf.memory().numTensors };
    simplified((x) => tf.tanh(x));
    expect(() =>
      simplified(() => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect({ backend: tf.getBackend(), tensors: tf.memory().numTensors }).toEqual(before);
  });

  it('turns captured tensors into constants and leaves them readable', async () => {
    const table = tf.tensor1d([1, 2, 3, 4]);
    const graph = simplified((x) => tf.mul(x, table));
    expect(graph.constants).toHaveLength(1);
    expect(await table.data()).toEqual(Float32Array.of(1, 2, 3, 4));
    table.dispose();
  });

  it('says which kernel cannot be traced', () => {
    const error = errorOf(() => simplified((x) => tf.cumsum(x)));
    expect(error).toMatchObject({ code: 'backend/unsupported-kernel', kernel: 'Cumsum' });
    expect(error).toBeInstanceOf(UntraceableKernelError);
    expect(error.message).toContain('"Cumsum"');
  });

  it('records a fused kernel as one node, or as the plain ops where it is not to be had', () => {
    const traced = (unfused?: readonly string[]) =>
      kernels(
        trace(({ batch }) => ({ output: { y: gelu(batch!.x!) } }), { batch: { x: matrix } }, { unfused }),
      );
    expect(traced()).toContain(FUSED_KERNELS.gelu);
    const plain = traced([FUSED_KERNELS.gelu]);
    expect(plain).toContain('Erf');
    expect(plain).not.toContain(FUSED_KERNELS.gelu);
    expect(traced()).toContain(FUSED_KERNELS.gelu);
  });

  it('says so too of a kernel that nobody has registered', () => {
    const error = errorOf(() =>
      simplified((x) => tf.engine().runKernel('NobodysKernel', { x }) as tf.Tensor),
    );
    expect(error.code).toBe('backend/unsupported-kernel');
    expect(error.message).toContain('"NobodysKernel"');
  });

  it('says that values cannot be read while tracing', () => {
    expect(errorOf(() => simplified((x) => tf.scalar(x.dataSync()[0]!))).code).toBe('tracer/value-read');
  });

  it('says that a disposed tensor was used', () => {
    const gone = tf.tensor1d([1, 2, 3, 4]);
    gone.dispose();
    expect(() => simplified((x) => tf.add(x, gone))).toThrow(/disposed/);
  });

  it('refuses shapes that do not broadcast', () => {
    expect(() => simplified((x) => tf.add(x, tf.zeros([5])))).toThrow();
  });
});

describe('simplify', () => {
  it.each<[string, (x: tf.Tensor) => tf.Tensor, string[]]>([
    [
      'a neutral product, quotient, sum and difference',
      (x) => tf.sub(tf.add(tf.div(tf.mul(x, 1), 1), 0), 0),
      [],
    ],
    ['reshapes there and back', (x) => tf.reshape(tf.reshape(x, [12]), [3, 4]), []],
    ['transposes there and back', (x) => tf.transpose(tf.transpose(x)), []],
    ['a double negation', (x) => tf.sub(x, tf.neg(x)), ['Add']],
    ['factors in a row', (x) => tf.mul(tf.mul(tf.div(x, 4), 6), -2), ['Multiply']],
    ['arithmetic of constants', (x) => tf.mul(x, tf.sqrt(tf.add(tf.scalar(3), 1))), ['Multiply']],
    ['equal subexpressions', (x) => tf.add(tf.exp(x), tf.exp(x)), ['Exp', 'Add']],
    ['a sum over an axis of size 1', (x) => tf.sum(tf.reshape(x, [3, 1, 4]), 1), []],
    ['a transpose before a product', (x) => tf.matMul(tf.transpose(x), x), ['BatchMatMul']],
    ['factors around a product', (x) => tf.mul(tf.matMul(tf.mul(x, 2), x, false, true), 3), ['BatchMatMul']],
    ['a square written as a power', (x) => tf.pow(x, 2), ['Square']],
    [
      'the ones that tfjs puts into the gradient of a sum',
      (x) => tf.grad((v) => tf.sum(tf.exp(v)))(x),
      ['Exp'],
    ],
  ])('%s', (_, compute, expected) => {
    expect(kernels(simplified(compute))).toEqual(expected);
  });

  it('keeps the scale of a product that is read twice apart', () => {
    const graph = simplified((x) => {
      const product = tf.matMul(x, x, false, true);
      return tf.add(tf.exp(product), tf.mul(product, 3));
    });
    expect(kernels(graph).filter((kernel) => kernel === 'BatchMatMul')).toHaveLength(1);
  });

  it('multiplies the scales it moves', () => {
    const graph = simplified((x) => tf.mul(tf.matMul(tf.mul(x, 2), x, false, true), 3));
    expect(graph.nodes[0]!.attributes).toEqual({ transposeA: false, transposeB: true, scale: 6 });
  });

  it('drops nodes and constants that no output needs', () => {
    const graph = simplified((x) => {
      tf.mul(tf.exp(x), tf.tensor1d([1, 2, 3, 4]));
      return tf.neg(x);
    });
    expect(kernels(graph)).toEqual(['Neg']);
    expect(graph.constants).toEqual([]);
  });
});
