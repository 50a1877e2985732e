import type { Availability } from '@patchbert/backend';
import type { TensorflowBackendName } from './backend-kinds.ts';
import { openTensorflow } from './open-tensorflow.ts';

/** Whether TensorFlow is to be had on the device of a backend. Only loading it tells which device it finds. */
export function tensorflowAvailability(backend: TensorflowBackendName): Availability {
  const opened = openTensorflow(backend);
  return 'engine' in opened ? { available: true } : { available: false, reason: opened.reason };
}
