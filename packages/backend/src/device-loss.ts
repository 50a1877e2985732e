import { PatchBertError } from '@patchbert/errors';

/** A device that may go away, and the name of its backend. */
export interface LosableDevice {
  readonly name: string;
  /** Why the device is gone, once it is. */
  readonly deviceLost?: (() => string | undefined) | undefined;
}

/**
 * Runs `action` on a device that may go away meanwhile. A lost WebGL context answers with zeros and no error, so the device is
 * asked afterwards too.
 *
 * @throws PatchBertError `backend/device-lost`.
 */
export async function whileDeviceLives<T>(
  device: LosableDevice,
  caller: string,
  action: () => Promise<T>,
): Promise<T> {
  requireDevice(device, caller);
  try {
    return await action();
  } catch (error) {
    // A lost device first fails what is under way, and tells of its loss a moment later.
    if (device.deviceLost !== undefined) await new Promise((resolve) => setTimeout(resolve));
    throw error;
  } finally {
    // Thrown from here it takes the place of whatever a dying device made of the action.
    requireDevice(device, caller);
  }
}

function requireDevice({ name, deviceLost }: LosableDevice, caller: string): void {
  const reason = deviceLost?.();
  if (reason === undefined) return;
  throw new PatchBertError(
    'backend/device-lost',
    `${caller}: the device of backend "${name}" was lost (${reason}); what was on it is gone. Start the backend again and go on ` +
      'from the last checkpoint.',
  );
}
