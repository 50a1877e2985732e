import { PatchBertError } from '@patchbert/errors';
import type { EagerBackendOptions } from './eager-backend.ts';

/**
 * Runs `action` on a device that may go away meanwhile. A lost WebGL context answers with zeros and no error, so the device is
 * asked afterwards too.
 *
 * @throws PatchBertError `backend/device-lost`.
 */
export async function whileDeviceLives<T>(
  engine: EagerBackendOptions,
  caller: string,
  action: () => Promise<T>,
): Promise<T> {
  requireDevice(engine, caller);
  try {
    return await action();
  } catch (error) {
    // A lost device first fails what is under way, and tells of its loss a moment later.
    if (engine.deviceLost !== undefined) await new Promise((resolve) => setTimeout(resolve));
    throw error;
  } finally {
    // Thrown from here it takes the place of whatever a dying device made of the action.
    requireDevice(engine, caller);
  }
}

function requireDevice({ name, deviceLost }: EagerBackendOptions, caller: string): void {
  const reason = deviceLost?.();
  if (reason === undefined) return;
  throw new PatchBertError(
    'backend/device-lost',
    `${caller}: the device of backend "${name}" was lost (${reason}); what was on it is gone. Start the backend again and go on ` +
      'from the last checkpoint.',
  );
}
