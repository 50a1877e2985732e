import { findHeaderEnd, LENGTH_BYTES, readHeader } from './read-header.ts';
import type { SafeTensor } from './safe-tensor.ts';

/** What a safetensors file holds; tensors stand in the order of their bytes. */
export interface SafeTensorsFile {
  readonly tensors: ReadonlyMap<string, SafeTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads a safetensors file; tensors are views of `file`, nothing is copied. `openSafetensors` reads a large one tensor by tensor.
 *
 * As strict as the reference reader (https://github.com/huggingface/safetensors), and stricter where that one is lenient:
 * the header must begin with `{` (trailing white space is allowed), a name may stand only once, unknown fields are errors.
 * Tensors must fill the data without overlap, hole or rest. Values are not looked at: NaN and infinity pass.
 *
 * @throws PatchBertError `safetensors/truncated`, `/header-too-large`, `/bad-header`, `/duplicate-name`, `/bad-tensor`,
 * `/bad-offsets`.
 * @example
 * const { tensors, metadata } = readSafetensors(await readFile('model.safetensors'));
 */
export function readSafetensors(file: Uint8Array): SafeTensorsFile {
  const headerEnd = findHeaderEnd(file, file.length);
  const data = file.subarray(headerEnd);
  const { places, metadata } = readHeader(file.subarray(LENGTH_BYTES, headerEnd), data.length);
  const tensors = new Map(
    places.map(({ name, begin, end, dtype, shape }) => [
      name,
      { dtype, shape, bytes: data.subarray(begin, end) },
    ]),
  );
  return { tensors, metadata };
}
