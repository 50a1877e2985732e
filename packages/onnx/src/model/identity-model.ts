import type { TensorSpec } from '@patchbert/ops';
import { toModelFile } from './model-file.ts';
import { createOnnxWriter, onnxTypes } from './onnx-writer.ts';

export const IDENTITY_INPUT = 'x';
export const IDENTITY_OUTPUT = 'y';

/** The smallest model there is: one `Identity` of tensors of any shape. */
export function identityModel(dtype: TensorSpec['dtype']): Uint8Array {
  const writer = createOnnxWriter();
  writer.add({ type: 'Identity', inputs: [IDENTITY_INPUT], outputs: [IDENTITY_OUTPUT] });
  const elemType = onnxTypes[dtype];
  return toModelFile(writer, [{ name: IDENTITY_INPUT, elemType }], [{ name: IDENTITY_OUTPUT, elemType }]);
}
