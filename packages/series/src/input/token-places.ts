import { float32Tensor, type HostTensors, int32Tensor, visibleOrder } from '@patchbert/ops';
import { deriveKey, type RandomKey, sampleWithoutReplacement } from '@patchbert/random';

/** The places of a series at which tokens are cut, ascending. */
export type Places = Uint32Array;

/** All of `count` places. */
export function everyPlace(count: number): Places {
  return Uint32Array.from({ length: count }, (_, place) => place);
}

/** A random share of the places, at least one: tokens that are not cut cost nothing, and what is learned cannot lean on one. */
export function drawPlaces(count: number, share: number, key: RandomKey): Places {
  return sampleWithoutReplacement(deriveKey(key, 'places'), count, keptPlaces(count, share));
}

/** How many places `drawPlaces` draws. */
export function keptPlaces(count: number, share: number): number {
  return Math.max(1, Math.ceil(share * count));
}

/** Batch entries `placeIndex`, `placeRestore` and `placeHidden`: which places the patches of every series stand at. */
export function placeTensors(places: Places, count: number): HostTensors {
  const hidden = new Uint8Array(count).fill(1);
  for (const place of places) hidden[place] = 0;
  const order = visibleOrder(hidden, 1, count);
  return {
    placeIndex: int32Tensor(order.visibleIndex),
    placeRestore: int32Tensor(order.restoreIndex),
    placeHidden: float32Tensor(Float32Array.from(hidden), [1, count, 1]),
  };
}
