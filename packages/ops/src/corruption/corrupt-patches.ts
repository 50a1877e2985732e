import { PatchBertError } from '@patchbert/errors';
import { type RandomKey, uniforms } from '@patchbert/random';

/**
 * What the encoder sees at a masked patch.
 *
 * - `visible-only`: nothing, the patch is left out (masked autoencoder). - `zero`: zeros (PatchTST).
 * - `token`: a learned token. - `bert`: the token in 80 %, another visible patch in 10 %, the patch itself in 10 %.
 */
export type Corruption = 'visible-only' | 'zero' | 'token' | 'bert';

/** What `corruptPatches` works on. */
export interface CorruptionInput {
  /** `[S*N*P]`, normalised, without NaN. */
  readonly patches: Float32Array;
  /** `[S*N]`, 1 = masked. */
  readonly masks: Uint8Array;
  /** N. */
  readonly patchCount: number;
  /** P. */
  readonly patchLength: number;
  readonly corruption: Corruption;
  /** Key of the draws of one series (index in the batch); only `bert` draws. */
  readonly key: (series: number) => RandomKey;
}

/** What the encoder is to be fed. */
export interface CorruptedPatches {
  /** `[S*N*P]`, a new array. */
  readonly patches: Float32Array;
  /** `[S*N]`, 1 = the learned token stands here; all 0 for `zero`. */
  readonly tokenMask: Uint8Array;
  /** `[S*N]`, 1 = a masked patch that is shown as it is all the same: a tenth with `bert`, none with the others. */
  readonly shown: Uint8Array;
}

const TOKEN_SHARE = 0.8;
const SWAP_SHARE = 0.1;

/**
 * Hides the masked patches from the encoder; the input is not changed.
 *
 * Devlin et al.: "BERT", 2018, for the 80/10/10 rule. Differs from it in that the 10 % of swapped patches come
 * from the visible patches of the same series, so nothing hidden shows up elsewhere.
 *
 * @throws PatchBertError `ops/shape-mismatch`.
 * @example
 * const { patches, tokenMask } = corruptPatches({
 *   patches: target, masks, patchCount: 42, patchLength: 12, corruption: 'bert',
 *   key: (series) => deriveKey(seed, 'corruption', step, series),
 * });
 */
export function corruptPatches(input: CorruptionInput): CorruptedPatches {
  const { masks, patchCount, patchLength, corruption } = input;
  const series = masks.length / patchCount;
  if (!Number.isInteger(series) || input.patches.length !== masks.length * patchLength) {
    throw new PatchBertError(
      'ops/shape-mismatch',
      `corruptPatches: ${input.patches.length} values and ${masks.length} mask entries are not series of ${patchCount} patches of ${patchLength} points.`,
    );
  }
  const patches = input.patches.slice();
  const tokenMask = new Uint8Array(masks.length);
  const shown = new Uint8Array(masks.length);
  if (corruption === 'bert') {
    for (let s = 0; s < series; s++) corruptAsBert(input, s, { patches, tokenMask, shown });
    return { patches, tokenMask, shown };
  }
  for (let row = 0; row < masks.length; row++) {
    if (masks[row] === 0) continue;
    patches.fill(0, row * patchLength, (row + 1) * patchLength);
    if (corruption !== 'zero') tokenMask[row] = 1;
  }
  return { patches, tokenMask, shown };
}

function corruptAsBert(
  { patches: original, masks, patchCount, patchLength, key }: CorruptionInput,
  series: number,
  { patches, tokenMask, shown }: CorruptedPatches,
): void {
  const first = series * patchCount;
  const visible: number[] = [];
  for (let row = first; row < first + patchCount; row++) if (masks[row] === 0) visible.push(row);
  // Two numbers per patch, masked or not, so that a patch's fate does not depend on the others.
  const draws = uniforms(key(series), 2 * patchCount);
  for (let n = 0; n < patchCount; n++) {
    const row = first + n;
    if (masks[row] === 0) continue;
    const fate = draws[2 * n]!;
    if (fate < TOKEN_SHARE) {
      patches.fill(0, row * patchLength, (row + 1) * patchLength);
      tokenMask[row] = 1;
    } else if (fate < TOKEN_SHARE + SWAP_SHARE && visible.length > 0) {
      const other = visible[Math.floor(draws[2 * n + 1]! * visible.length)]!;
      patches.set(original.subarray(other * patchLength, (other + 1) * patchLength), row * patchLength);
    } else {
      shown[row] = 1;
    }
  }
}
