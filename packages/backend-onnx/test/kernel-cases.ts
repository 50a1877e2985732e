import * as tf from '@tensorflow/tfjs-core';

/** One kernel: an expression, the shapes of its float inputs, and whether its gradient is compared as well. */
export interface KernelCase {
  readonly kernel: string;
  readonly shapes: readonly (readonly number[])[];
  readonly compute: (...x: tf.Tensor[]) => tf.Tensor;
  readonly gradient?: false;
  /** Inputs in (0.2, 1.2) instead of (-1, 1), for roots, logarithms and divisors. */
  readonly positive?: true;
}

const broadcasts: readonly (readonly number[])[][] = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [
    [2, 1, 5],
    [4, 1],
  ],
  [[1], [3, 1, 7]],
  [[], [2, 3]],
  [[1, 1], [1]],
];

const binary: Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = {
  Add: tf.add,
  Sub: tf.sub,
  Multiply: tf.mul,
  RealDiv: tf.div,
  Maximum: tf.maximum,
  Minimum: tf.minimum,
  SquaredDifference: tf.squaredDifference,
  Pow: tf.pow,
};
const comparisons: Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = {
  Equal: tf.equal,
  NotEqual: tf.notEqual,
  Less: tf.less,
  LessEqual: tf.lessEqual,
  Greater: tf.greater,
  GreaterEqual: tf.greaterEqual,
};
const unary: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  Abs: tf.abs,
  Ceil: tf.ceil,
  Cos: tf.cos,
  Erf: tf.erf,
  Exp: tf.exp,
  Floor: tf.floor,
  Neg: tf.neg,
  Relu: tf.relu,
  Round: tf.round,
  Sigmoid: tf.sigmoid,
  Sign: tf.sign,
  Sin: tf.sin,
  Softplus: tf.softplus,
  Square: tf.square,
  Step: (x) => tf.step(x, 0.3),
  Tanh: tf.tanh,
  ClipByValue: (x) => tf.clipByValue(x, -0.4, 0.6),
  Identity: (x) => tf.clone(x),
};
const unaryPositive: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  Log: tf.log,
  Reciprocal: tf.reciprocal,
  Rsqrt: tf.rsqrt,
  Sqrt: tf.sqrt,
};

/** tfjs' own gradients of these do not sum over broadcast axes. */
const gradientNeedsEqualShapes = new Set(['Maximum', 'Minimum', 'SquaredDifference']);

/** tfjs has no gradient for these, or it is zero almost everywhere. */
const withoutGradient = new Set(['Ceil', 'Floor', 'Round', 'Sign', 'Step']);

/** Every kernel the tracer knows. */
export const kernelCases: readonly KernelCase[] = [
  ...Object.entries(binary).flatMap(([kernel, compute]) =>
    broadcasts.map((shapes): KernelCase => {
      const differs = String(shapes[0]) !== String(shapes[1]);
      const kernelCase = {
        kernel,
        shapes,
        compute: compute as KernelCase['compute'],
        positive: true as const,
      };
      return differs && gradientNeedsEqualShapes.has(kernel)
        ? { ...kernelCase, gradient: false }
        : kernelCase;
    }),
  ),
  ...Object.entries(comparisons).flatMap(([kernel, compare]) =>
    broadcasts.map(
      (shapes): KernelCase => ({
        kernel,
        shapes,
        compute: (a, b) => tf.cast(compare(tf.round(tf.mul(a!, 2)), tf.round(tf.mul(b!, 2))), 'float32'),
        gradient: false,
      }),
    ),
  ),
  ...Object.entries(unary).flatMap(([kernel, compute]) =>
    [[2, 3], [7], []].map(
      (shape): KernelCase => ({
        kernel,
        shapes: [shape],
        compute: compute as KernelCase['compute'],
        ...(withoutGradient.has(kernel) ? { gradient: false as const } : {}),
      }),
    ),
  ),
  ...Object.entries(unaryPositive).flatMap(([kernel, compute]) =>
    [[2, 3], []].map(
      (shape): KernelCase => ({
        kernel,
        shapes: [shape],
        compute: compute as KernelCase['compute'],
        positive: true,
      }),
    ),
  ),
  ...[[0], [1], [2], [0, 2], [-1], [0, 1, 2]].flatMap((axes): KernelCase[] =>
    [true, false].flatMap((keep): KernelCase[] => [
      { kernel: 'Sum', shapes: [[2, 3, 5]], compute: (x) => tf.sum(x!, axes, keep) },
      { kernel: 'Mean', shapes: [[2, 3, 5]], compute: (x) => tf.mean(x!, axes, keep) },
      { kernel: 'Max', shapes: [[2, 3, 5]], compute: (x) => tf.max(x!, axes, keep) },
      { kernel: 'Min', shapes: [[2, 3, 5]], compute: (x) => tf.min(x!, axes, keep) },
      { kernel: 'Prod', shapes: [[2, 3, 5]], compute: (x) => tf.prod(x!, axes, keep), gradient: false },
    ]),
  ),
  { kernel: 'Sum of an axis of size 1', shapes: [[2, 1, 5]], compute: (x) => tf.sum(x!, 1) },
  {
    kernel: 'ArgMax',
    shapes: [[3, 5]],
    compute: (x) => tf.cast(tf.argMax(x!, 1), 'float32'),
    gradient: false,
  },
  {
    kernel: 'Round of halves',
    shapes: [[5, 7]],
    compute: (x) => tf.round(tf.div(tf.round(tf.mul(x!, 8)), 2)),
    gradient: false,
  },
  {
    kernel: 'Sign of zeros',
    shapes: [[2, 7]],
    compute: (x) => tf.sign(tf.round(x!)),
    gradient: false,
  },
  {
    kernel: 'ArgMax of equals',
    shapes: [[4, 3, 5]],
    compute: (x) => tf.cast(tf.argMax(tf.round(tf.mul(x!, 2)), -1), 'float32'),
    gradient: false,
  },
  { kernel: 'Softmax', shapes: [[2, 3, 5]], compute: (x) => tf.softmax(x!) },
  { kernel: 'LogSoftmax', shapes: [[4, 7]], compute: (x) => tf.logSoftmax(x!) },
  { kernel: 'Reshape', shapes: [[2, 3, 5]], compute: (x) => tf.reshape(x!, [5, -1]) },
  { kernel: 'ExpandDims', shapes: [[2, 3]], compute: (x) => tf.expandDims(x!, -1) },
  { kernel: 'Transpose', shapes: [[2, 3, 5]], compute: (x) => tf.transpose(x!, [2, 0, 1]) },
  { kernel: 'Transpose of axes of size 1', shapes: [[1, 3, 1]], compute: (x) => tf.transpose(x!, [2, 1, 0]) },
  { kernel: 'Slice', shapes: [[4, 5]], compute: (x) => tf.slice(x!, [1, 2], [2, -1]) },
  {
    kernel: 'Concat',
    shapes: [
      [2, 3],
      [2, 1],
      [2, 4],
    ],
    compute: (...x) => tf.concat(x, 1),
  },
  {
    kernel: 'SplitV',
    shapes: [[2, 6]],
    compute: (x) => tf.add(...(tf.split(x!, 2, 1) as [tf.Tensor, tf.Tensor])),
  },
  { kernel: 'SplitV by sizes', shapes: [[5, 2]], compute: (x) => tf.split(x!, [1, 3, 1])[1]! },
  {
    kernel: 'Pack',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    compute: (...x) => tf.stack(x, 1),
  },
  { kernel: 'Unpack', shapes: [[2, 3, 4]], compute: (x) => tf.unstack(x!, 1)[2]! },
  { kernel: 'Tile', shapes: [[2, 3]], compute: (x) => tf.tile(x!, [2, 3]) },
  {
    kernel: 'PadV2',
    shapes: [[2, 3]],
    compute: (x) =>
      tf.pad(
        x!,
        [
          [1, 0],
          [2, 1],
        ],
        0.5,
      ),
  },
  {
    kernel: 'GatherV2 and UnsortedSegmentSum',
    shapes: [[4, 3]],
    compute: (x) => tf.gather(x!, tf.tensor1d([3, 0, 0, 2, 3], 'int32')),
  },
  {
    kernel: 'Equal of whole numbers',
    shapes: [[3, 4]],
    compute: (x) => {
      const numbers = tf.tensor2d([2, 0, 3], [3, 1], 'int32');
      return tf.mul(x!, tf.cast(tf.equal(numbers, tf.range(0, 4, 1, 'int32')), 'float32'));
    },
  },
  {
    kernel: 'Select',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    compute: (a, b) => tf.where(tf.greaterEqual(a!, 0), a!, b!),
  },
  {
    kernel: 'LogicalAnd, LogicalOr, LogicalNot',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    compute: (a, b) => {
      const [x, y] = [tf.greater(a!, 0), tf.greater(b!, 0)];
      return tf.cast(tf.logicalAnd(tf.logicalOr(x, y), tf.logicalNot(tf.logicalAnd(x, y))), 'float32');
    },
    gradient: false,
  },
  {
    kernel: 'IsNan',
    shapes: [[2, 3]],
    // A place where the input was below 0 is not a number.
    compute: (x) => tf.cast(tf.isNaN(tf.log(x!)), 'float32'),
    gradient: false,
  },
  {
    kernel: 'AddN',
    shapes: [
      [2, 3],
      [2, 3],
      [2, 3],
    ],
    compute: (...x) => tf.addN(x),
  },
  { kernel: 'Range', shapes: [[2, 4]], compute: (x) => tf.mul(x!, tf.range(-1, 2.9, 1)) },
  {
    kernel: 'Range of whole numbers, downwards',
    shapes: [[2, 3]],
    compute: (x) => tf.mul(x!, tf.cast(tf.range(3, 0, -1, 'int32'), 'float32')),
  },
  { kernel: 'Fill', shapes: [[2, 3]], compute: (x) => tf.add(x!, tf.fill([2, 3], 4)) },
  {
    kernel: 'ZerosLike and OnesLike',
    shapes: [[2, 3]],
    compute: (x) => tf.add(tf.mul(x!, tf.onesLike(x!)), tf.zerosLike(x!)),
  },
  {
    kernel: 'Cast',
    shapes: [[2, 3]],
    compute: (x) => tf.cast(tf.cast(tf.mul(x!, 9), 'int32'), 'float32'),
    gradient: false,
  },
  ...[false, true].flatMap((a) =>
    [false, true].flatMap((b): KernelCase[] => [
      {
        kernel: `BatchMatMul 2-D, transposed ${a} ${b}`,
        shapes: [a ? [5, 3] : [3, 5], b ? [4, 5] : [5, 4]],
        compute: (x, y) => tf.matMul(x!, y!, a, b),
      },
      {
        kernel: `BatchMatMul 4-D, transposed ${a} ${b}, scaled`,
        shapes: [a ? [2, 3, 5, 3] : [2, 3, 3, 5], b ? [2, 3, 4, 5] : [2, 3, 5, 4]],
        compute: (x, y) => tf.mul(tf.matMul(x!, y!, a, b), 0.3),
      },
    ]),
  ),
  {
    kernel: 'BatchMatMul with a row and an addend',
    shapes: [[1, 5], [4, 5], [4], [1, 4]],
    compute: (x, w, bias, residual) => tf.add(tf.add(tf.matMul(x!, w!, false, true), bias!), residual!),
  },
  {
    kernel: 'BatchMatMul of transposed inputs',
    shapes: [
      [2, 5, 3],
      [2, 4, 5],
    ],
    compute: (x, y) => tf.matMul(tf.transpose(x!, [0, 2, 1]), tf.transpose(y!, [0, 2, 1])),
  },
];
