import type { GraphNode } from '@patchbert/tracer';
import { erf } from '../erf.ts';
import { broadcastPlaces, stridesOf } from '../indices.ts';
import { allocate, tabulate } from '../numbers.ts';
import type { Compute, Kernels } from './kernel.ts';

/** Matrix products, and the fused kernels of `@patchbert/ops` by their definition. */
export const contractionKernels: Kernels = {
  BatchMatMul: product,
  PatchbertLayerNorm: layerNorm,
  PatchbertGelu:
    ({ outputs: [y] }) =>
    ([x]) => [tabulate(y!, (i) => 0.5 * x![i]! * (1 + erf(x![i]! * Math.SQRT1_2)))],
};

/** `scale * a b` for each pair of matrices, either one transposed where the node says so. */
function product({ inputs: [a, b], attributes, outputs: [y] }: GraphNode): Compute {
  const [rowsA, columnsA] = matrixSteps(a!.shape, attributes.transposeA === true);
  const [rowsB, columnsB] = matrixSteps(b!.shape, attributes.transposeB === true);
  const [rows, columns] = y!.shape.slice(-2) as [number, number];
  const inner = a!.shape.at(attributes.transposeA === true ? -2 : -1)!;
  const batch = y!.shape.slice(0, -2);
  const [matricesA, matricesB] = [a!, b!].map(({ shape }) => broadcastPlaces(shape.slice(0, -2), batch));
  const scale = Math.fround(Number(attributes.scale));
  return ([x, z]) => {
    const products = allocate(y!);
    let next = 0;
    matricesA!.forEach((matrixA, matrix) => {
      const [firstA, firstB] = [matrixA * rows * inner, matricesB![matrix]! * inner * columns];
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          let sum = 0;
          for (let k = 0; k < inner; k++) {
            sum += x![firstA + row * rowsA + k * columnsA]! * z![firstB + k * rowsB + column * columnsB]!;
          }
          products[next++] = scale * sum;
        }
      }
    });
    return [products];
  };
}

/** How far apart rows and columns of a matrix lie, seen transposed or as it is. */
function matrixSteps(shape: readonly number[], transposed: boolean): readonly [number, number] {
  const [row, column] = stridesOf(shape).slice(-2) as [number, number];
  return transposed ? [column, row] : [row, column];
}

/** `(x - mean) / sqrt(variance + epsilon) * scale + offset` over the last axis; also the mean and the inverse of the root. */
function layerNorm({ inputs: [x], attributes, outputs }: GraphNode): Compute {
  const [y, meanSpec, inverseSpec] = outputs;
  const width = x!.shape.at(-1)!;
  const epsilon = Math.fround(Number(attributes.epsilon));
  return ([numbers, scale, offset]) => {
    const mean = tabulate(meanSpec!, (row) => average(width, (i) => numbers![row * width + i]!));
    const inverse = tabulate(inverseSpec!, (row) => {
      const variance = average(width, (i) => (numbers![row * width + i]! - mean[row]!) ** 2);
      return 1 / Math.sqrt(variance + epsilon);
    });
    const normalised = tabulate(y!, (at) => {
      const [row, i] = [Math.floor(at / width), at % width];
      return (numbers![at]! - mean[row]!) * inverse[row]! * scale![i]! + offset![i]!;
    });
    return [normalised, mean, inverse];
  };
}

function average(count: number, element: (index: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += element(i);
  return sum / count;
}
