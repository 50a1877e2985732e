import { plainForms } from '@patchbert/onnx';
import { defineDeviceBackend } from './define-device-backend.ts';

/**
 * ONNX Runtime on Apple's CoreML, in Node on macOS: forecasts and other steps that change no state. CoreML computes in 16
 * bits, so steps that train are refused.
 *
 * @example
 * const backend = await onnxCoreml.create();
 */
export const onnxCoreml = defineDeviceBackend({
  name: 'onnx-coreml',
  provider: 'coreml',
  device: 'CoreML',
  trains: false,
  precision: 'float16',
  forms: plainForms,
  keepsState: false,
  notListed: 'CoreML is part of macOS.',
  hint: 'It needs a Mac with an Apple processor.',
  lost: /$^/,
});
