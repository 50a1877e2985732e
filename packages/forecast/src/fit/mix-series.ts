import { float32Tensor, type HostTensor, type HostTensors } from '@patchbert/ops';
import { deriveKey, permutation, type RandomKey, uniforms } from '@patchbert/random';

/** Entries that are linear in the series: mixing two series mixes them alike. */
const LINEAR_ENTRIES = ['patches', 'target', 'exogenous'];

/**
 * Augments a training batch: with probability 1/2 a series is mixed with another of the batch (mixup, Zhang et al. 2018,
 * share uniform), and with probability 1/2 turned upside down. A sum of two series that follow the same dynamics follows
 * them too, and so does its negative. With a `channel` per series, for heads of their own, partners come from the same
 * channel: a head learns the dynamics of its channel alone. Weights become the mixture of weights where both targets were observed, else 0.
 *
 * @param key one per step.
 */
export function mixSeries(batch: HostTensors, key: RandomKey): HostTensors {
  const series = batch.patches!.shape[0]!;
  const partners = partnersOf(batch, deriveKey(key, 'partners'));
  const draws = uniforms(deriveKey(key, 'shares'), 3 * series);
  const shares = Float64Array.from({ length: series }, (_, s) => (draws[s]! < 0.5 ? 1 : draws[series + s]!));
  const signs = Float64Array.from({ length: series }, (_, s) => (draws[2 * series + s]! < 0.5 ? 1 : -1));
  const result: Record<string, HostTensor> = { ...batch };
  for (const name of LINEAR_ENTRIES) {
    const tensor = batch[name];
    if (tensor)
      result[name] = mapRows(
        tensor,
        (own, other, s) => {
          const share = shares[s]!;
          return signs[s]! * (share * own + (1 - share) * other);
        },
        partners,
      );
  }
  result.lossWeight = mapRows(
    batch.lossWeight!,
    (own, other, s) => {
      const share = shares[s]!;
      if (share === 1) return own;
      return own > 0 && other > 0 ? share * own + (1 - share) * other : 0;
    },
    partners,
  );
  if (batch.keyMask) {
    result.keyMask = mapRows(
      batch.keyMask,
      (own, other, s) => (shares[s] === 1 ? own : own * other),
      partners,
    );
  }
  return result;
}

/** The row that each row is mixed with. */
function partnersOf({ patches, channel }: HostTensors, key: RandomKey): Uint32Array {
  const series = patches!.shape[0]!;
  if (channel === undefined) return permutation(key, series);
  const partners = new Uint32Array(series);
  const channels = [...channel.data];
  for (const own of new Set(channels)) {
    const rows = channels.flatMap((one, row) => (one === own ? [row] : []));
    permutation(deriveKey(key, own), rows.length).forEach((other, i) => {
      partners[rows[i]!] = rows[other]!;
    });
  }
  return partners;
}

/** Combines every row with its partner's, number by number. */
function mapRows(
  { data, shape }: HostTensor,
  combine: (own: number, other: number, row: number) => number,
  partners: Uint32Array,
): HostTensor {
  const width = data.length / shape[0]!;
  const result = new Float32Array(data.length);
  for (let row = 0; row < shape[0]!; row++) {
    const partner = partners[row]! * width;
    for (let i = 0; i < width; i++) {
      result[row * width + i] = combine(data[row * width + i]!, data[partner + i]!, row);
    }
  }
  return float32Tensor(result, shape);
}
