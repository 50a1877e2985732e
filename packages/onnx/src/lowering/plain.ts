import { onnxTypes } from '../model/onnx-writer.ts';
import type { Lowering } from './lowering.ts';

/** A kernel in plainer operators, for execution providers that lack `operator`. */
interface PlainLowering {
  readonly operator: string;
  readonly lowering: Lowering;
}

const toFloat = { to: onnxTypes.float32 };

/** Kernels that have a second form, by name. */
export const plainLowerings: Readonly<Record<string, PlainLowering>> = {
  AddN: {
    operator: 'Sum',
    lowering({ writer, inputs, outputs }) {
      const [first, ...others] = inputs;
      if (others.length === 0) {
        writer.add({ type: 'Identity', inputs, outputs });
        return;
      }
      const last = others.pop()!;
      const sum = others.reduce((a, b) => writer.compute('Add', [a, b]), first!);
      writer.add({ type: 'Add', inputs: [sum, last], outputs });
    },
  },
  ArgMax: {
    operator: 'ArgMax',
    lowering({ node, writer, inputs, outputs }) {
      const { shape } = node.inputs[0]!;
      const axis = Number(node.attributes.axis);
      const size = shape[axis]!;
      const axes = writer.int64s([axis]);
      // The first place that holds the largest value: elsewhere the index is beyond the last.
      const largest = writer.compute('ReduceMax', [inputs[0]!, axes], { keepdims: true });
      const isLargest = writer.compute('Equal', [inputs[0]!, largest]);
      const indices = writer.floats(
        Float32Array.from({ length: size }, (_, index) => index),
        shape.map((_, other) => (other === axis ? size : 1)),
      );
      const candidates = writer.compute('Where', [isLargest, indices, writer.float(size)]);
      const index = writer.compute('ReduceMin', [candidates, axes], { keepdims: false });
      writer.add({ type: 'Cast', inputs: [index], outputs, attributes: { to: onnxTypes.int32 } });
    },
  },
  LogicalOr: {
    operator: 'Or',
    lowering({ writer, inputs, outputs }) {
      const neither = writer.compute(
        'And',
        inputs.map((input) => writer.compute('Not', [input])),
      );
      writer.add({ type: 'Not', inputs: [neither], outputs });
    },
  },
  Round: {
    operator: 'Round',
    lowering({ writer, inputs, outputs }) {
      // Halves go to the even neighbour, as everywhere.
      const below = writer.compute('Floor', inputs);
      const rest = writer.compute('Sub', [inputs[0]!, below]);
      const half = writer.compute('Floor', [writer.compute('Mul', [below, writer.float(0.5)])]);
      const odd = writer.compute('Sub', [below, writer.compute('Mul', [half, writer.float(2)])]);
      const tie = writer.compute('Cast', [writer.compute('Equal', [rest, writer.float(0.5)])], toFloat);
      const above = writer.compute('Cast', [writer.compute('Greater', [rest, writer.float(0.5)])], toFloat);
      const up = writer.compute('Add', [above, writer.compute('Mul', [tie, odd])]);
      writer.add({ type: 'Add', inputs: [below, up], outputs });
    },
  },
  Sign: {
    operator: 'Sign',
    lowering({ writer, inputs, outputs }) {
      const [positive, negative] = ['Greater', 'Less'].map((type) =>
        writer.compute('Cast', [writer.compute(type, [inputs[0]!, writer.float(0)])], toFloat),
      );
      writer.add({ type: 'Sub', inputs: [positive!, negative!], outputs });
    },
  },
};
