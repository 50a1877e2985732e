import { MICROSOFT } from '../model/model-file.ts';
import { onnxTypes } from '../model/onnx-writer.ts';
import { type Lowering, renamed } from './lowering.ts';
import { UnloweredKernelError } from './unlowered-kernel-error.ts';

const sameName = [
  ...[
    'Abs',
    'Add',
    'Ceil',
    'Cos',
    'Erf',
    'Exp',
    'Floor',
    'Identity',
    'Less',
    'Equal',
    'Greater',
    'Log',
    'Neg',
    'Pow',
  ],
  ...['Reciprocal', 'Relu', 'Round', 'Sigmoid', 'Sign', 'Sin', 'Softplus', 'Sqrt', 'Sub', 'Tanh'],
];

/** Element-wise kernels. */
export const elementwiseLowerings: Readonly<Record<string, Lowering>> = {
  ...Object.fromEntries(sameName.map((name) => [name, renamed(name)])),
  AddN: renamed('Sum'),
  GreaterEqual: renamed('GreaterOrEqual'),
  LessEqual: renamed('LessOrEqual'),
  LogicalAnd: renamed('And'),
  IsNan({ forms, writer, inputs, outputs }) {
    if (forms.lacks.includes('IsNaN')) {
      throw new UnloweredKernelError(
        'IsNan',
        'the tfjs kernel "IsNan" has no form on this provider: WGSL may take it that no number is NaN.',
      );
    }
    writer.add({ type: 'IsNaN', inputs, outputs });
  },
  LogicalNot: renamed('Not'),
  LogicalOr: renamed('Or'),
  Maximum: renamed('Max'),
  Minimum: renamed('Min'),
  Multiply: renamed('Mul'),
  RealDiv: renamed('Div'),
  Select: renamed('Where'),
  Cast: renamed('Cast', (node) => ({ to: onnxTypes[node.outputs[0]!.dtype] })),
  NotEqual: ({ writer, inputs, outputs }) =>
    writer.add({ type: 'Not', inputs: [writer.compute('Equal', inputs)], outputs }),
  Rsqrt: ({ writer, inputs, outputs }) =>
    writer.add({ type: 'Reciprocal', inputs: [writer.compute('Sqrt', inputs)], outputs }),
  Square: ({ writer, inputs, outputs }) =>
    writer.add({ type: 'Mul', inputs: [inputs[0]!, inputs[0]!], outputs }),
  SquaredDifference({ writer, inputs, outputs }) {
    const difference = writer.compute('Sub', inputs);
    writer.add({ type: 'Mul', inputs: [difference, difference], outputs });
  },
  ClipByValue({ node, writer, inputs, outputs }) {
    const { minimum, maximum } = node.attributes;
    const bounds = [writer.float(Number(minimum)), writer.float(Number(maximum))];
    writer.add({ type: 'Clip', inputs: [inputs[0]!, ...bounds], outputs });
  },
  Step({ node, writer, inputs, outputs }) {
    const positive = writer.compute('Greater', [inputs[0]!, writer.float(0)]);
    const values = [writer.float(1), writer.float(Number(node.attributes.alpha))];
    writer.add({ type: 'Where', inputs: [positive, ...values], outputs });
  },
  PatchbertGelu: ({ writer, inputs, outputs }) =>
    writer.add({ type: 'Gelu', inputs, outputs, domain: MICROSOFT }),
};
