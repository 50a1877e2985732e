import { didYouMean, PatchBertError } from '@patchbert/errors';
import type { HostTensor, HostTensors, TensorSpec } from '@patchbert/ops';
import { describeDifference, differingTensors, type TensorDifference } from './differing-tensors.ts';
import { resizePositions } from './resize-positions.ts';

export interface TransferOptions {
  /** Interpolate learned positions when the number of patches differs. Default false: a difference is an error. */
  readonly resizePositions?: boolean;
}

/** What became of every tensor, by name. */
export interface TransferReport {
  /** Taken as they are. */
  readonly loaded: readonly string[];
  /** Taken and interpolated to another number of patches. */
  readonly resized: readonly string[];
  /** Wanted, but not part of an encoder: the head, which starts fresh. */
  readonly initialised: readonly string[];
  /** Offered, but of no use here: decoder, reconstruction head, mask token. */
  readonly unused: readonly string[];
}

export interface TransferredEncoder {
  /** Copies of the encoder's tensors, every `encoder.*` of the target. */
  readonly parameters: HostTensors;
  readonly report: TransferReport;
}

const PREFIX = 'encoder.';
const POSITIONS = 'encoder.position';
/** Pretraining's own: part of the encoder's name space, but of no encoder that sees every patch. */
const MASK_TOKEN = 'encoder.maskToken';

/**
 * Takes a pretrained encoder for a new task, all of it or nothing: every `encoder.*` tensor of the target must be in the
 * source with the same shape, and the source may hold no other layers. A head is never taken, even if its name and shape fit:
 * that of pretraining reconstructs patches.
 *
 * @param target names and shapes of the model to come, such as `encoderParameterSpecs` and `headParameterSpecs`.
 * @param source such as the `parameters` of `loadCheckpoint`.
 * @throws PatchBertError `train/nothing-loaded` when the source holds no encoder, `train/transfer-mismatch` naming every tensor
 * that differs, `train/bad-weights` for a weight that is not a finite number.
 * @example
 * const { parameters, report } = transferEncoder(encoderParameterSpecs(encoder), checkpoint.parameters);
 * const initialParameters = { ...parameters, ...initialiseHead(head, encoder, key) };
 */
export function transferEncoder(
  target: Readonly<Record<string, TensorSpec>>,
  source: HostTensors,
  options: TransferOptions = {},
): TransferredEncoder {
  const wanted = only(target, isEncoder);
  const offered = only(
    source,
    (name) => isEncoder(name) && (name !== MASK_TOKEN || Object.hasOwn(target, name)),
  );
  requireEncoder(wanted, offered, source);
  const differing = differingTensors(wanted, offered);
  const resizable = options.resizePositions ? differing.filter(differsInRows) : [];
  requireSame(differing.filter((one) => !resizable.includes(one)));
  const resized = resizable.map(({ name }) => name);
  const parameters = Object.fromEntries(
    Object.entries(wanted).map(([name, { shape }]) => {
      const tensor = offered[name]!;
      requireFinite(name, tensor);
      return [name, resized.includes(name) ? resizePositions(tensor, shape[0]!) : copy(tensor)];
    }),
  );
  return {
    parameters,
    report: {
      loaded: Object.keys(parameters).filter((name) => !resized.includes(name)),
      resized,
      initialised: Object.keys(target).filter((name) => !Object.hasOwn(parameters, name)),
      unused: Object.keys(source).filter((name) => !Object.hasOwn(parameters, name)),
    },
  };
}

function isEncoder(name: string): boolean {
  return name.startsWith(PREFIX);
}

function only<T>(tensors: Readonly<Record<string, T>>, wanted: (name: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => wanted(name)));
}

function differsInRows({ name, expected, found }: TensorDifference): boolean {
  return name === POSITIONS && expected?.length === 2 && found?.length === 2 && expected[1] === found[1];
}

function copy(tensor: HostTensor): HostTensor {
  return { ...tensor, data: tensor.data.slice() };
}

function requireEncoder(wanted: object, offered: object, source: HostTensors): void {
  if (Object.keys(wanted).some((name) => Object.hasOwn(offered, name))) return;
  const names = Object.keys(source);
  const hint = didYouMean(Object.keys(wanted)[0] ?? PREFIX, names);
  const found =
    names.length === 0
      ? 'no tensors at all'
      : `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', ...' : ''}`;
  throw new PatchBertError(
    'train/nothing-loaded',
    `transferEncoder: nothing of the encoder is in the source, which holds ${found}; expected names such as ` +
      `"encoder.embedding.weight".${hint} Use a checkpoint of a pretraining run.`,
  );
}

function requireSame(differing: readonly TensorDifference[]): void {
  if (differing.length === 0) return;
  const positions = differing.find(differsInRows);
  const advice = positions
    ? ` The encoder was pretrained on ${positions.found![0]} patches and is to see ${positions.expected![0]}: use the context ` +
      'length of pretraining, or pass resizePositions: true to interpolate the learned positions.'
    : '';
  const others = differing.length > (positions ? 1 : 0);
  throw new PatchBertError(
    'train/transfer-mismatch',
    `transferEncoder: the encoder in the source is another one. ${differing.map(describeDifference).join('; ')}.${advice}` +
      (others ? ' Use the encoder configuration that is saved with the checkpoint.' : ''),
  );
}

function requireFinite(name: string, { data }: HostTensor): void {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new PatchBertError(
    'train/bad-weights',
    `transferEncoder: "${name}" holds ${data[at]} at index ${at}; expected finite numbers. Use another checkpoint.`,
  );
}
