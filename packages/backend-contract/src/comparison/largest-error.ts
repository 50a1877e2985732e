import type { HostTensor, HostTensors } from '@patchbert/ops';

/**
 * The largest error of any number of any entry, as a share of the largest number that its entry is expected to hold: second
 * moments of 1e-6 count as much as weights of 1. Absolute where all of an entry is expected to be 0. Infinite where an entry is
 * missing or a number is NaN that should not be.
 */
export function largestError(actual: HostTensors, expected: HostTensors): number {
  const errors = Object.entries(expected).map(([name, tensor]) => tensorError(actual[name], tensor));
  return Math.max(0, ...errors);
}

function tensorError(actual: HostTensor | undefined, { data }: HostTensor): number {
  if (actual?.data.length !== data.length) return Number.POSITIVE_INFINITY;
  const found = actual.data;
  let scale = 0;
  let largest = 0;
  data.forEach((value, i) => {
    scale = Math.max(scale, Math.abs(value));
    largest = Math.max(largest, Object.is(found[i], value) ? 0 : Math.abs(found[i]! - value));
  });
  if (Number.isNaN(largest)) return Number.POSITIVE_INFINITY;
  return scale === 0 ? largest : largest / scale;
}
