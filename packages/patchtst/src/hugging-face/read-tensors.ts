import { PatchBertError, quote } from '@patchbert/errors';
import { float32Tensor, type HostTensor, type HostTensors, int32Tensor } from '@patchbert/ops';
import { type SafeTensor, toFloat32, toInt32 } from '@patchbert/safetensors';
import type { PatchTSTConfig } from '../config/patchtst-config.ts';
import { type NamedTensor, tensorNames } from './tensor-names.ts';

/** A model's tensors under our names, and what the user should know about them. */
export interface ReadTensors {
  readonly parameters: HostTensors;
  readonly warnings: readonly string[];
}

/** How many names a message lists before it counts. */
const LISTED = 8;

/**
 * Hugging Face's tensors as parameters of ours: all of them and nothing else, each with its shape.
 *
 * @param where names the weights in messages.
 * @throws PatchBertError `patchtst/tensors-differ` that lists missing, unknown and misshapen tensors, `patchtst/bad-weights` for a type or a
 * number that is no weight.
 */
export function readHuggingFaceTensors(
  config: PatchTSTConfig,
  tensors: ReadonlyMap<string, SafeTensor>,
  where: string,
): ReadTensors {
  const expected = tensorNames(config);
  requireSame(expected, tensors, where);
  const converted = new Map<string, number>();
  const parameters: Record<string, HostTensor> = {};
  for (const { name, theirs, spec } of expected) {
    const tensor = tensors.get(theirs)!;
    parameters[name] = hostTensor(tensor, spec, `${where}: "${theirs}"`);
    if (spec.dtype === 'float32' && tensor.dtype !== 'F32') {
      converted.set(tensor.dtype, (converted.get(tensor.dtype) ?? 0) + 1);
    }
  }
  const warnings = [...converted].map(
    ([dtype, count]) =>
      `${where}: ${count} tensors of type ${dtype} were converted to float32${dtype === 'F64' ? ', which rounds them' : ', exactly'}.`,
  );
  return { parameters, warnings };
}

function requireSame(
  expected: readonly NamedTensor[],
  tensors: ReadonlyMap<string, SafeTensor>,
  where: string,
): void {
  const known = new Set(expected.map(({ theirs }) => theirs));
  const missing = expected.filter(({ theirs }) => !tensors.has(theirs)).map(({ theirs }) => `"${theirs}"`);
  const unknown = [...tensors.keys()].filter((name) => !known.has(name)).map(quote);
  const misshapen = expected.flatMap(({ theirs, theirShape }) => {
    const shape = tensors.get(theirs)?.shape;
    if (shape === undefined || shape.join() === theirShape.join()) return [];
    return [`"${theirs}" is [${shape.join(', ')}] and should be [${theirShape.join(', ')}]`];
  });
  const problems = [
    ...(missing.length > 0 ? [`missing: ${listed(missing)}`] : []),
    ...(unknown.length > 0 ? [`unknown: ${listed(unknown)}`] : []),
    ...(misshapen.length > 0 ? [`of another shape than config.json says: ${listed(misshapen)}`] : []),
  ];
  if (problems.length === 0) return;
  throw new PatchBertError(
    'patchtst/tensors-differ',
    `${where}: the tensors are not those of this configuration; ${problems.join('; ')}.`,
  );
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, LISTED).join(', ');
  return names.length > LISTED ? `${shown} and ${names.length - LISTED} more` : shown;
}

function hostTensor(tensor: SafeTensor, { dtype, shape }: NamedTensor['spec'], where: string): HostTensor {
  const types = dtype === 'int32' ? ['I64', 'I32'] : ['F32', 'F16', 'BF16', 'F64'];
  if (!types.includes(tensor.dtype)) {
    throw new PatchBertError(
      'patchtst/bad-weights',
      `${where} has type ${tensor.dtype}; expected ${types.join(', ')}. Save the model in float32.`,
    );
  }
  if (dtype === 'int32') return int32Tensor(toInt32(tensor), shape);
  const values = toFloat32(tensor).slice();
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return float32Tensor(values, shape);
  throw new PatchBertError(
    'patchtst/bad-weights',
    `${where} holds ${values[at]} at ${at}; the weights are damaged.`,
  );
}
