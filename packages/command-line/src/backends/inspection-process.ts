/** The process of one inspection, started by `inspectBackend`: reports to its parent and ends. */
import type { Availability } from '@patchbert/backend';
import { describeError } from '../errors/describe-error.ts';
import { type ChosenBackend, chooseBackend } from './choose-backend.ts';
import type { InspectionReport, InspectionRequest } from './inspect-backend.ts';
import { openBackend } from './open-backend.ts';

const { typed, isChecked } = JSON.parse(process.argv[2] ?? '') as InspectionRequest;

// Nobody waits any more for an inspection whose program was ended.
process.on('disconnect', () => process.exit());

const chosen = await chooseBackend({ typed });
const availability = await availabilityOf(chosen);
await report({ availability });
if (isChecked && availability.available) await report(await checked(chosen));
process.exit();

async function availabilityOf({ adapter }: ChosenBackend): Promise<Availability> {
  try {
    const { available, reason } = (await adapter.isAvailable()) as { available: boolean; reason?: string };
    return available ? { available } : { available, reason: String(reason ?? 'it gives no reason') };
  } catch (error) {
    return { available: false, reason: reasonOf(error) };
  }
}

async function checked(chosen: ChosenBackend): Promise<InspectionReport> {
  try {
    // Models and reference are loaded for a check only: a listing starts this process for every backend.
    const { selfTest } = await import('@patchbert/backend-contract');
    const create = (options = {}) => openBackend(chosen, options);
    return { check: await selfTest({ ...chosen.adapter, create }) };
  } catch (error) {
    return { failure: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  return describeError(error)
    .line.replace(/^error: /, '')
    .split('\n')[0]!;
}

/** Ends when the parent has it, so that the process may exit. */
function report(message: InspectionReport): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
}
