import { broadcastShape } from '../graph/shapes.ts';
import { single, type TracedKernel } from './kernel.ts';

const arithmetic = ['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum', 'Minimum', 'Pow', 'SquaredDifference'];
const comparisons = ['Equal', 'NotEqual', 'Less', 'LessEqual', 'Greater', 'GreaterEqual'];
const logical = ['LogicalAnd', 'LogicalOr'];
const unary = [
  'Abs',
  'Ceil',
  'Cos',
  'Erf',
  'Exp',
  'Floor',
  'Log',
  'Neg',
  'Reciprocal',
  'Relu',
  'Round',
  'Rsqrt',
  'Sigmoid',
  'Sign',
  'Sin',
  'Softplus',
  'Sqrt',
  'Square',
  'Tanh',
];

const binaryKernels: TracedKernel[] = [
  ...arithmetic.map(
    (name): TracedKernel => ({
      name,
      inputs: ['a', 'b'],
      infer: ([a, b]) => single(broadcastShape(a!.shape, b!.shape), a!.dtype),
    }),
  ),
  ...[...comparisons, ...logical].map(
    (name): TracedKernel => ({
      name,
      inputs: ['a', 'b'],
      infer: ([a, b]) => single(broadcastShape(a!.shape, b!.shape), 'bool'),
    }),
  ),
];

const unaryKernels: TracedKernel[] = unary.map((name) => ({
  name,
  inputs: ['x'],
  infer: ([x]) => single(x!.shape, x!.dtype),
}));

/** Element-wise kernels, with NumPy broadcasting where there are two inputs. */
export const elementwiseKernels: readonly TracedKernel[] = [
  ...binaryKernels,
  ...unaryKernels,
  { name: 'LogicalNot', inputs: ['x'], infer: ([x]) => single(x!.shape, 'bool') },
  { name: 'IsNan', inputs: ['x'], infer: ([x]) => single(x!.shape, 'bool') },
  { name: 'Identity', inputs: ['x'], infer: ([x]) => single(x!.shape, x!.dtype) },
  { name: 'AddN', inputs: 'list', infer: ([x]) => single(x!.shape, x!.dtype) },
  {
    name: 'Cast',
    inputs: ['x'],
    infer: ([x], { dtype }) =>
      single(x!.shape, dtype as 'float32' | 'int32' | 'bool', { dtype: String(dtype) }),
  },
  {
    name: 'ClipByValue',
    inputs: ['x'],
    infer: ([x], { clipValueMin, clipValueMax }) =>
      single(x!.shape, x!.dtype, { minimum: Number(clipValueMin), maximum: Number(clipValueMax) }),
  },
  {
    name: 'Step',
    inputs: ['x'],
    infer: ([x], { alpha }) => single(x!.shape, x!.dtype, { alpha: Number(alpha ?? 0) }),
  },
  {
    name: 'Select',
    inputs: ['condition', 't', 'e'],
    infer: ([condition, t]) => single(broadcastShape(condition!.shape, t!.shape), t!.dtype),
  },
];
