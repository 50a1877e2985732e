import { erf } from '../erf.ts';
import { broadcastPlaces } from '../indices.ts';
import { tabulate } from '../numbers.ts';
import type { Kernel, Kernels } from './kernel.ts';

const unary =
  (f: (x: number) => number): Kernel =>
  ({ outputs: [y] }) =>
  ([x]) => [tabulate(y!, (i) => f(x![i]!))];

const binary =
  (f: (a: number, b: number) => number): Kernel =>
  ({ inputs: [a, b], outputs: [y] }) => {
    const [placesA, placesB] = [broadcastPlaces(a!.shape, y!.shape), broadcastPlaces(b!.shape, y!.shape)];
    return ([x, z]) => [tabulate(y!, (i) => f(x![placesA[i]!]!, z![placesB[i]!]!))];
  };

const predicate = (holds: (a: number, b: number) => boolean): Kernel => binary((a, b) => Number(holds(a, b)));

/** Element-wise kernels, with NumPy broadcasting where there are two inputs. */
export const elementwiseKernels: Kernels = {
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Multiply: binary((a, b) => a * b),
  RealDiv: binary((a, b) => a / b),
  Maximum: binary(Math.max),
  Minimum: binary(Math.min),
  Pow: binary((a, b) => a ** b),
  SquaredDifference: binary((a, b) => (a - b) ** 2),

  Equal: predicate((a, b) => a === b),
  NotEqual: predicate((a, b) => a !== b),
  Less: predicate((a, b) => a < b),
  LessEqual: predicate((a, b) => a <= b),
  Greater: predicate((a, b) => a > b),
  GreaterEqual: predicate((a, b) => a >= b),
  LogicalAnd: predicate((a, b) => a !== 0 && b !== 0),
  LogicalOr: predicate((a, b) => a !== 0 || b !== 0),
  LogicalNot: unary((x) => Number(x === 0)),
  IsNan: unary((x) => Number(Number.isNaN(x))),

  Abs: unary(Math.abs),
  Ceil: unary(Math.ceil),
  Cos: unary(Math.cos),
  Erf: unary(erf),
  Exp: unary(Math.exp),
  Floor: unary(Math.floor),
  Log: unary(Math.log),
  Neg: unary((x) => -x),
  Reciprocal: unary((x) => 1 / x),
  Relu: unary((x) => Math.max(0, x)),
  Round: unary(roundHalfToEven),
  Rsqrt: unary((x) => 1 / Math.sqrt(x)),
  Sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  Sign: unary((x) => (x > 0 ? 1 : x < 0 ? -1 : 0)),
  Sin: unary(Math.sin),
  Softplus: unary((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  Sqrt: unary(Math.sqrt),
  Square: unary((x) => x * x),
  Tanh: unary(Math.tanh),

  Identity: () => (inputs) => inputs,
  AddN:
    ({ outputs: [y] }) =>
    (inputs) => [tabulate(y!, (i) => inputs.reduce((sum, x) => sum + x[i]!, 0))],
  Cast: ({ outputs: [y] }) => {
    // Storing into an array of whole numbers cuts the fraction off, as tfjs does.
    const convert = y!.dtype === 'bool' ? (x: number) => Number(x !== 0) : (x: number) => x;
    return ([x]) => [tabulate(y!, (i) => convert(x![i]!))];
  },
  ClipByValue({ attributes, outputs: [y] }) {
    const [minimum, maximum] = [singleOf(attributes.minimum), singleOf(attributes.maximum)];
    return ([x]) => [tabulate(y!, (i) => Math.max(minimum, Math.min(maximum, x![i]!)))];
  },
  Step({ attributes, outputs: [y] }) {
    const alpha = singleOf(attributes.alpha);
    return ([x]) => [tabulate(y!, (i) => (Number.isNaN(x![i]) ? Number.NaN : x![i]! > 0 ? 1 : alpha))];
  },
  Select({ inputs, outputs: [y] }) {
    const [c, t, e] = inputs.map((input) => broadcastPlaces(input.shape, y!.shape));
    return ([condition, yes, no]) => [
      tabulate(y!, (i) => (condition![c![i]!] === 0 ? no![e![i]!]! : yes![t![i]!]!)),
    ];
  },
};

/** A float attribute as a device holds it. */
function singleOf(attribute: unknown): number {
  return Math.fround(Number(attribute));
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
