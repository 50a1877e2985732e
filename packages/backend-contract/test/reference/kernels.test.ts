import { tfjsCpu } from '@patchbert/backend';
import { float32Tensor, gelu, type HostTensor, int32Tensor, layerNorm } from '@patchbert/ops';
import { trace, tracedKernelNames } from '@patchbert/tracer';
import { signatureOf } from '@patchbert/train/step';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { drawn, evaluate } from './evaluate.ts';

/** A kernel of tfjs: what is computed of which inputs, named in order `x0`, `x1` and so on. */
interface KernelCase {
  readonly kernel: string;
  readonly inputs: readonly HostTensor[];
  readonly compute: (...x: tf.Tensor[]) => tf.Tensor;
}

const specials = float32Tensor(
  Float32Array.of(0, -0, 0.5, 1.5, 2.5, -0.5, -1.5, 1, -3, 30, -30, Number.NaN, Infinity, -Infinity),
);
const shapePairs: readonly (readonly number[])[][] = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [
    [2, 1, 5],
    [4, 1],
  ],
  [[], [2, 3]],
];

const arithmetic = {
  Add: tf.add,
  Sub: tf.sub,
  Multiply: tf.mul,
  RealDiv: tf.div,
  Maximum: tf.maximum,
  Minimum: tf.minimum,
  SquaredDifference: tf.squaredDifference,
  Pow: tf.pow,
};
const comparisons = {
  Equal: tf.equal,
  NotEqual: tf.notEqual,
  Less: tf.less,
  LessEqual: tf.lessEqual,
  Greater: tf.greater,
  GreaterEqual: tf.greaterEqual,
};
const unary = {
  Abs: tf.abs,
  Ceil: tf.ceil,
  Cos: tf.cos,
  Erf: tf.erf,
  Exp: tf.exp,
  Floor: tf.floor,
  Log: tf.log,
  Neg: tf.neg,
  Reciprocal: tf.reciprocal,
  Relu: tf.relu,
  Round: tf.round,
  Rsqrt: tf.rsqrt,
  Sigmoid: tf.sigmoid,
  Sign: tf.sign,
  Sin: tf.sin,
  Softplus: tf.softplus,
  Sqrt: tf.sqrt,
  Square: tf.square,
  Tanh: tf.tanh,
  Identity: (x: tf.Tensor) => tf.clone(x),
  Step: (x: tf.Tensor) => tf.step(x, 0.3),
  ClipByValue: (x: tf.Tensor) => tf.clipByValue(x, -0.4, 0.6),
  PatchbertGelu: gelu,
};
const reductions = { Sum: tf.sum, Mean: tf.mean, Max: tf.max, Min: tf.min, Prod: tf.prod };

const small = drawn('small', [2, 3, 5]);
const rows = int32Tensor(Int32Array.of(3, 0, 0, 2, 3, 1), [2, 3]);

const cases: KernelCase[] = [
  ...Object.entries(arithmetic).flatMap(([kernel, compute]) =>
    shapePairs.map(
      (shapes): KernelCase => ({
        kernel,
        inputs: shapes.map((shape, i) => drawn(`${kernel}${i}`, shape, 0.3, 2)),
        compute: compute as KernelCase['compute'],
      }),
    ),
  ),
  ...Object.entries(comparisons).flatMap(([kernel, compare]) =>
    shapePairs.map(
      (shapes): KernelCase => ({
        kernel,
        // Few different numbers, so that equal ones meet.
        inputs: shapes.map((shape, i) => drawn(`${kernel}${i}`, shape)),
        compute: (a, b) => tf.cast(compare(tf.round(a!), tf.round(b!)), 'float32'),
      }),
    ),
  ),
  ...Object.entries(unary).flatMap(([kernel, compute]): KernelCase[] => [
    { kernel, inputs: [small], compute: compute as KernelCase['compute'] },
    { kernel, inputs: [specials], compute: compute as KernelCase['compute'] },
  ]),
  ...Object.entries(reductions).flatMap(([kernel, reduce]) =>
    [[0], [1], [-1], [0, 2], [0, 1, 2]].flatMap((axes) =>
      [true, false].map(
        (keep): KernelCase => ({ kernel, inputs: [small], compute: (x) => reduce(x!, axes, keep) }),
      ),
    ),
  ),
  { kernel: 'Sum', inputs: [small], compute: (x) => tf.cast(tf.sum(tf.greater(x!, 0), 1), 'float32') },
  { kernel: 'ArgMax', inputs: [small], compute: (x) => tf.argMax(x!, 1) },
  { kernel: 'Softmax', inputs: [small], compute: (x) => tf.softmax(x!) },
  {
    kernel: 'LogSoftmax',
    inputs: [small],
    // tf.logSoftmax is made of other kernels; tfjs' cpu engine has those alone.
    compute: (x) =>
      tf.getKernel('LogSoftmax', tf.getBackend())
        ? tf.engine().runKernel<tf.Tensor>('LogSoftmax', { logits: x! }, { axis: 2 })
        : tf.logSoftmax(x!),
  },
  { kernel: 'Reshape', inputs: [small], compute: (x) => tf.reshape(x!, [5, -1]) },
  { kernel: 'ExpandDims', inputs: [small], compute: (x) => tf.expandDims(x!, -2) },
  { kernel: 'Transpose', inputs: [small], compute: (x) => tf.transpose(x!, [2, 0, 1]) },
  { kernel: 'Slice', inputs: [small], compute: (x) => tf.slice(x!, [1, 0, 2], [1, 2, -1]) },
  { kernel: 'Tile', inputs: [small], compute: (x) => tf.tile(x!, [2, 1, 3]) },
  {
    kernel: 'PadV2',
    inputs: [drawn('pad', [2, 3])],
    compute: (x) =>
      tf.pad(
        x!,
        [
          [1, 0],
          [2, 1],
        ],
        0.5,
      ), // prettier than one number a line
  },
  ...[0, 1, 2].flatMap((axis): KernelCase[] => [
    {
      kernel: 'Concat',
      inputs: [1, 3, 2].map((size) => drawn(`concat${size}`, [2, 2, 2].with(axis, size))),
      compute: (...x) => tf.concat(x, axis),
    },
    {
      kernel: 'Pack',
      inputs: [drawn('a', [2, 3]), drawn('b', [2, 3])],
      compute: (...x) => tf.stack(x, axis),
    },
    { kernel: 'Unpack', inputs: [small], compute: (x) => tf.unstack(x!, axis)[1]! },
    {
      kernel: 'GatherV2',
      inputs: [drawn('gather', [4, 4, 4]), rows],
      compute: (x, i) => tf.gather(x!, i as tf.Tensor2D, axis),
    },
  ]),
  {
    kernel: 'GatherV2',
    inputs: [drawn('batch', [2, 3, 4, 2]), rows],
    compute: (x, i) => tf.gather(x!, i as tf.Tensor2D, 2, 1),
  },
  { kernel: 'SplitV', inputs: [small], compute: (x) => tf.split(x!, [1, 3, 1], -1)[1]! },
  {
    kernel: 'SplitV',
    inputs: [drawn('split', [6, 2])],
    compute: (x) => tf.sub(...(tf.split(x!, 2) as [tf.Tensor, tf.Tensor])),
  },
  {
    kernel: 'UnsortedSegmentSum',
    inputs: [drawn('segments', [6, 2, 3]), int32Tensor(Int32Array.of(3, 0, 0, 2, 3, 1))],
    compute: (x, ids) => tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, 5),
  },
  {
    kernel: 'Select',
    inputs: [small, drawn('then', [2, 3, 5]), drawn('else', [2, 3, 5])],
    compute: (x, a, b) => tf.where(tf.greater(x!, 0), a!, b!),
  },
  ...Object.entries({ LogicalAnd: tf.logicalAnd, LogicalOr: tf.logicalOr }).map(
    ([kernel, combine]): KernelCase => ({
      kernel,
      inputs: [drawn('p', [4, 5]), drawn('q', [5])],
      compute: (a, b) => tf.cast(combine(tf.greater(a!, 0), tf.greater(b!, 0)), 'float32'),
    }),
  ),
  {
    kernel: 'LogicalNot',
    inputs: [small],
    compute: (x) => tf.cast(tf.logicalNot(tf.greater(x!, 0)), 'float32'),
  },
  {
    kernel: 'IsNan',
    inputs: [{ ...small, data: small.data.map((value, i) => (i === 1 ? Number.NaN : value)) }],
    compute: (x) => tf.cast(tf.isNaN(x!), 'float32'),
  },
  {
    kernel: 'AddN',
    inputs: ['a', 'b', 'c'].map((name) => drawn(name, [2, 3])),
    compute: (...x) => tf.addN(x),
  },
  { kernel: 'Cast', inputs: [small], compute: (x) => tf.cast(tf.mul(x!, 9), 'int32') },
  { kernel: 'Cast', inputs: [specials], compute: (x) => tf.cast(tf.cast(x!, 'bool'), 'float32') },
  ...[false, true].flatMap((a) =>
    [false, true].flatMap((b): KernelCase[] => [
      {
        kernel: 'BatchMatMul',
        inputs: [drawn('m', a ? [5, 3] : [3, 5]), drawn('n', b ? [4, 5] : [5, 4])],
        compute: (x, y) => tf.matMul(x!, y!, a, b),
      },
      {
        kernel: 'BatchMatMul',
        inputs: [drawn('m', a ? [2, 3, 5, 3] : [2, 3, 3, 5]), drawn('n', b ? [2, 3, 4, 5] : [2, 3, 5, 4])],
        compute: (x, y) => tf.matMul(x!, y!, a, b),
      },
      {
        kernel: 'BatchMatMul',
        inputs: [drawn('m', a ? [1, 5, 3] : [1, 3, 5]), drawn('n', b ? [2, 2, 4, 5] : [2, 2, 5, 4])],
        compute: (x, y) => tf.matMul(x!, y!, a, b),
      },
    ]),
  ),
  {
    kernel: 'PatchbertLayerNorm',
    inputs: [small, drawn('scale', [5]), drawn('offset', [5])],
    compute: (x, scale, offset) => layerNorm(x!, scale!, offset!, 0.1),
  },
  { kernel: 'Fill', inputs: [small], compute: (x) => tf.add(x!, tf.fill([5], 4)) },
  { kernel: 'Range', inputs: [small], compute: (x) => tf.add(x!, tf.range(-1, 3.9, 1)) },
  { kernel: 'ZerosLike', inputs: [small], compute: (x) => tf.concat([tf.zerosLike(x!), x!]) },
  { kernel: 'OnesLike', inputs: [small], compute: (x) => tf.mul(x!, tf.onesLike(x!)) },
];

/** Kernels that become constants when they are recorded. */
const creation = ['Fill', 'Range', 'ZerosLike', 'OnesLike'];

const batchOf = ({ inputs }: KernelCase) => Object.fromEntries(inputs.map((input, i) => [`x${i}`, input]));
const stepOf =
  ({ inputs, compute }: KernelCase) =>
  (batch: Readonly<Record<string, tf.Tensor>>) => ({ y: compute(...inputs.map((_, i) => batch[`x${i}`]!)) });

describe('the float64 reference computes what tfjs computes', () => {
  it.each(cases.map((one) => [`${one.kernel} ${one.inputs.map(({ shape }) => `[${shape}]`)}`, one] as const))(
    '%s',
    async (_, one) => {
      const [actual, expected] = [
        await evaluate(stepOf(one), batchOf(one)),
        await evaluate(stepOf(one), batchOf(one), tfjsCpu),
      ];
      expect(actual.y).toMatchObject({ shape: expected.y!.shape, dtype: expected.y!.dtype });
      expected.y!.data.forEach((value, i) => {
        const found = actual.y!.data[i]!;
        // tfjs' erf is good to 1.5e-7.
        const close = Math.abs(found - value) <= 1e-6 + 1e-6 * Math.abs(value);
        expect(
          close || Object.is(found, value) || found === value,
          `y[${i}] is ${found}, tfjs has ${value}`,
        ).toBe(true);
      });
    },
  );

  it('and has a case for every kernel that is traced', () => {
    for (const one of cases) {
      if (creation.includes(one.kernel)) continue;
      const { batch } = signatureOf({}, batchOf(one));
      const graph = trace((groups) => ({ outputs: stepOf(one)(groups.batch!) }), { batch });
      expect(graph.nodes.map(({ kernel }) => kernel)).toContain(one.kernel);
    }
    expect([...new Set(cases.map(({ kernel }) => kernel))].sort()).toEqual([...tracedKernelNames].sort());
  });
});
