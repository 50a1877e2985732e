import { onnxTypes } from '../model/onnx-writer.ts';
import { type Lowering, renamed } from './lowering.ts';

function reduction(type: string): Lowering {
  return ({ node, writer, inputs, outputs }) => {
    const [input, output] = [node.inputs[0]!, node.outputs[0]!];
    const x =
      input.dtype === output.dtype
        ? inputs[0]!
        : writer.compute('Cast', [inputs[0]!], { to: onnxTypes[output.dtype] });
    writer.add({
      type,
      inputs: [x, writer.int64s(node.attributes.axes as readonly number[])],
      outputs,
      attributes: { keepdims: node.attributes.keepDims === true },
    });
  };
}

/** Reductions and kernels along one axis. */
export const reductionLowerings: Readonly<Record<string, Lowering>> = {
  Sum: reduction('ReduceSum'),
  Mean: reduction('ReduceMean'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Prod: reduction('ReduceProd'),
  Softmax: renamed('Softmax', (node) => ({ axis: Number(node.attributes.axis) })),
  LogSoftmax: renamed('LogSoftmax', (node) => ({ axis: Number(node.attributes.axis) })),
  ArgMax({ node, writer, inputs, outputs }) {
    const index = writer.compute('ArgMax', inputs, { axis: Number(node.attributes.axis), keepdims: false });
    writer.add({ type: 'Cast', inputs: [index], outputs, attributes: { to: onnxTypes.int32 } });
  },
};
