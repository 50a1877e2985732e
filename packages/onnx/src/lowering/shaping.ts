import { type Lowering, renamed } from './lowering.ts';
import { UnloweredKernelError } from './unlowered-kernel-error.ts';

const toShape: Lowering = ({ node, writer, inputs, outputs }) =>
  writer.add({ type: 'Reshape', inputs: [inputs[0]!, writer.newShape(node.outputs[0]!.shape)], outputs });

/** Kernels that move elements. */
export const shapingLowerings: Readonly<Record<string, Lowering>> = {
  Reshape: toShape,
  BroadcastTo: ({ node, writer, inputs, outputs }) =>
    writer.add({ type: 'Expand', inputs: [inputs[0]!, writer.int64s(node.outputs[0]!.shape)], outputs }),
  Transpose: renamed('Transpose', (node) => ({ perm: node.attributes.permutation as readonly number[] })),
  Concat: renamed('Concat', (node) => ({ axis: Number(node.attributes.axis) })),
  Slice({ node, writer, inputs, outputs }) {
    const begin = node.attributes.begin as readonly number[];
    const size = node.attributes.size as readonly number[];
    const { shape } = node.inputs[0]!;
    // Axes that are kept whole, as every one that follows the batch, are left out.
    const axes = begin.map((_, axis) => axis).filter((axis) => size[axis] !== shape[axis]);
    const starts = axes.map((axis) => begin[axis]!);
    const sizes = axes.map((axis) => size[axis]!);
    const isFixed = [...starts, ...sizes].every((value) => value >= 0);
    // Sizes that follow the batch are no numbers yet.
    const ends = isFixed
      ? writer.int64s(axes.map((_, i) => starts[i]! + sizes[i]!))
      : writer.compute('Add', [writer.int64s(starts), writer.int64s(sizes)]);
    writer.add({
      type: 'Slice',
      inputs: [inputs[0]!, writer.int64s(starts), ends, writer.int64s(axes)],
      outputs,
    });
  },
  SplitV: ({ node, writer, inputs, outputs }) =>
    writer.add({
      type: 'Split',
      inputs: [inputs[0]!, writer.int64s(node.attributes.sizes as readonly number[])],
      outputs,
      attributes: { axis: Number(node.attributes.axis) },
    }),
  Pack({ node, writer, inputs, outputs }) {
    const axis = Number(node.attributes.axis);
    const shape = node.outputs[0]!.shape.map((size, index) => (index === axis ? 1 : size));
    const parts = inputs.map((input) => writer.compute('Reshape', [input, writer.newShape(shape)]));
    writer.add({ type: 'Concat', inputs: parts, outputs, attributes: { axis } });
  },
  Unpack({ node, writer, inputs, outputs }) {
    const axis = Number(node.attributes.axis);
    const parts = outputs.map(() => writer.freshName());
    const sizes = writer.int64s(outputs.map(() => 1));
    writer.add({ type: 'Split', inputs: [inputs[0]!, sizes], outputs: parts, attributes: { axis } });
    outputs.forEach((output, index) => {
      const shape = writer.newShape(node.outputs[index]!.shape);
      writer.add({ type: 'Reshape', inputs: [parts[index]!, shape], outputs: [output] });
    });
  },
  Tile: ({ node, writer, inputs, outputs }) =>
    writer.add({
      type: 'Tile',
      inputs: [inputs[0]!, writer.int64s(node.attributes.repeats as readonly number[])],
      outputs,
    }),
  PadV2({ node, writer, inputs, outputs }) {
    const { before, after, value } = node.attributes;
    const pads = writer.int64s([...(before as readonly number[]), ...(after as readonly number[])]);
    writer.add({ type: 'Pad', inputs: [inputs[0]!, pads, writer.float(Number(value))], outputs });
  },
  GatherV2({ node, writer, inputs, outputs }) {
    if (node.attributes.batchDims !== 0) {
      throw new UnloweredKernelError(
        node.kernel,
        'the tfjs kernel "GatherV2" with batchDims has no ONNX form; gather from a flattened tensor instead.',
      );
    }
    writer.add({ type: 'Gather', inputs, outputs, attributes: { axis: Number(node.attributes.axis) } });
  },
  UnsortedSegmentSum({ node, writer, inputs, outputs }) {
    const [x, ids] = node.inputs;
    const zeros = writer.compute('Expand', [writer.float(0), writer.int64s(node.outputs[0]!.shape)]);
    const indices = writer.compute('Reshape', [inputs[1]!, writer.newShape([...ids!.shape, 1])]);
    const wide = writer.compute('Cast', [indices], { to: 7 });
    const attributes = { reduction: 'add' };
    writer.add({ type: 'ScatterND', inputs: [zeros, wide, writer.name(x!)], outputs, attributes });
  },
};
