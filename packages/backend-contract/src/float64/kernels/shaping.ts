import { PatchBertError } from '@patchbert/errors';
import type { GraphNode, Value } from '@patchbert/tracer';
import { stridesOf, walk } from '../indices.ts';
import { allocate, type Numbers, sizeOf, tabulate } from '../numbers.ts';
import type { Compute, Kernels } from './kernel.ts';

/** Kernels that move elements and compute nothing. */
export const shapingKernels: Kernels = {
  Reshape: () => (inputs) => inputs,
  ExpandDims: () => (inputs) => inputs,
  Transpose({ inputs: [x], attributes, outputs: [y] }) {
    const strides = stridesOf(x!.shape);
    return pick(
      y!,
      walk(
        y!.shape,
        (attributes.permutation as readonly number[]).map((axis) => strides[axis]!),
      ),
    );
  },
  Slice({ inputs: [x], attributes, outputs: [y] }) {
    const strides = stridesOf(x!.shape);
    return pick(y!, walk(y!.shape, strides, inner(attributes.begin as readonly number[], strides)));
  },
  Tile({ inputs: [x], attributes, outputs: [y] }) {
    // Each axis becomes two: the repeats, which stand still, and the elements.
    const repeats = attributes.repeats as readonly number[];
    const strides = stridesOf(x!.shape);
    const shape = x!.shape.flatMap((size, axis) => [repeats[axis]!, size]);
    return pick(
      y!,
      walk(
        shape,
        strides.flatMap((stride) => [0, stride]),
      ),
    );
  },
  PadV2({ inputs: [x], attributes, outputs: [y] }) {
    const strides = stridesOf(y!.shape);
    const places = walk(x!.shape, strides, inner(attributes.before as readonly number[], strides));
    const filler = Math.fround(Number(attributes.value));
    return ([numbers]) => [put(allocate(y!).fill(filler), places, numbers!)];
  },
  Concat: (node) => join(node, ({ shape }) => shape),
  Pack: (node) =>
    join(node, ({ shape }) => {
      const axis = Number(node.attributes.axis);
      return [...shape.slice(0, axis), 1, ...shape.slice(axis)];
    }),
  SplitV: (node) => split(node, ({ shape }) => shape),
  Unpack: (node) =>
    split(node, ({ shape }) => {
      const axis = Number(node.attributes.axis);
      return [...shape.slice(0, axis), 1, ...shape.slice(axis)];
    }),
  GatherV2: gather,
  UnsortedSegmentSum({ inputs: [x, ids], outputs: [y] }) {
    const width = sizeOf(x!.shape.slice(ids!.shape.length));
    const segments = y!.shape[0]!;
    return ([numbers, segmentIds]) => {
      const sums = allocate(y!);
      segmentIds!.forEach((segment, row) => {
        if (segment < 0 || segment >= segments) return;
        for (let i = 0; i < width; i++) sums[segment * width + i]! += numbers![row * width + i]!;
      });
      return [sums];
    };
  },
};

/** The elements of `x` at `places`, in order. */
function pick(y: Value, places: Int32Array): Compute {
  return ([x]) => [tabulate(y, (i) => x![places[i]!]!)];
}

function put(into: Numbers, places: Int32Array, numbers: Numbers): Numbers {
  places.forEach((place, i) => {
    into[place] = numbers[i]!;
  });
  return into;
}

/** Puts the inputs one after another along an axis; `shapeOf` gives an input as many axes as the output has. */
function join(
  { inputs, attributes, outputs: [y] }: GraphNode,
  shapeOf: (x: Value) => readonly number[],
): Compute {
  const axis = Number(attributes.axis);
  const places = sections(y!.shape, axis, inputs.map(shapeOf));
  return (numbers) => {
    const joined = allocate(y!);
    for (const [i, section] of places.entries()) put(joined, section, numbers[i]!);
    return [joined];
  };
}

/** The opposite of `join`. */
function split(
  { inputs: [x], attributes, outputs }: GraphNode,
  shapeOf: (y: Value) => readonly number[],
): Compute {
  const places = sections(x!.shape, Number(attributes.axis), outputs.map(shapeOf));
  return ([numbers]) => outputs.map((y, i) => tabulate(y, (at) => numbers![places[i]![at]!]!));
}

/** Where parts of the given shapes lie in a whole that holds them one after another along `axis`. */
function sections(
  whole: readonly number[],
  axis: number,
  parts: readonly (readonly number[])[],
): Int32Array[] {
  const strides = stridesOf(whole);
  let begin = 0;
  return parts.map((shape) => {
    const places = walk(shape, strides, begin * strides[axis]!);
    begin += shape[axis]!;
    return places;
  });
}

/** Rows of `x` along an axis by number; with `batchDims`, the leading axes of both go together. */
function gather({ inputs: [x, indices], attributes, outputs: [y] }: GraphNode): Compute {
  const [axis, batchDims] = [Number(attributes.axis), Number(attributes.batchDims)];
  const [batch, outer] = [sizeOf(x!.shape.slice(0, batchDims)), sizeOf(x!.shape.slice(batchDims, axis))];
  const [length, width] = [x!.shape[axis]!, sizeOf(x!.shape.slice(axis + 1))];
  const chosen = sizeOf(indices!.shape.slice(batchDims));
  return ([numbers, rows]) => {
    const outside = rows!.find((row) => row < 0 || row >= length);
    if (outside !== undefined) {
      throw new PatchBertError(
        'backend/bad-index',
        `run: the step gathers row ${outside} along an axis of ${length} rows.`,
      );
    }
    const taken = allocate(y!);
    let next = 0;
    for (let b = 0; b < batch; b++) {
      for (let o = 0; o < outer; o++) {
        for (let c = 0; c < chosen; c++) {
          const first = ((b * outer + o) * length + rows![b * chosen + c]!) * width;
          for (let i = 0; i < width; i++) taken[next++] = numbers![first + i]!;
        }
      }
    }
    return [taken];
  };
}

function inner(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
