import { plainForms } from '@patchbert/onnx';
import { defineDeviceBackend } from './define-device-backend.ts';

/**
 * ONNX Runtime on any Direct3D 12 card through DirectML, in Node on Windows. The state is copied to the card and back in
 * every step.
 *
 * @example
 * const backend = await onnxDirectml.create();
 */
export const onnxDirectml = defineDeviceBackend({
  name: 'onnx-directml',
  provider: 'dml',
  device: 'Direct3D 12',
  trains: true,
  precision: 'float32',
  forms: plainForms,
  keepsState: false,
  notListed: 'DirectML is part of Windows.',
  hint: "It needs a Direct3D 12 card; update the card's driver.",
  lost: /887A000[567]|DXGI_ERROR_DEVICE_(REMOVED|HUNG|RESET)/i,
});
