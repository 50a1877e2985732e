import { PatchBertError } from '@patchbert/errors';
import type { Availability, Backend, BackendAdapter, BackendOptions } from './contract.ts';
import { createEagerBackend, type EagerEngine } from './eager/eager-backend.ts';

/** What a backend is made of; `defineBackend` adds the checks that every backend owes its users. */
export interface BackendDefinition {
  /** Lower-case words joined by hyphens, such as `my-engine`. */
  readonly name: string;
  /** One line for a listing: which engine on which device. */
  readonly description: string;
  /** Whether it can run here, and if not, what the user can do about it. Default: always. */
  isAvailable?(): Promise<Availability>;
  /** Loads the engine: one that is registered with tfjs, or a backend of one's own making. Called when it is available. */
  start(options: BackendOptions): Promise<EagerEngine | Omit<Backend, 'name'>>;
}

/**
 * A backend adapter. Options are checked; what cannot run here is refused with the reason, never swapped for another; an
 * engine that fails to start is a typed error that keeps the cause.
 *
 * `backendContract` of `@patchbert/backend-contract` says whether it does all that a backend must.
 *
 * @throws PatchBertError `backend/bad-definition` when name or description are not usable.
 * @example
 * export const mine = defineBackend({
 *   name: 'mine',
 *   description: 'my engine on my device',
 *   async start() {
 *     await import('my-tfjs-engine'); // calls tf.registerBackend('my-engine', ...)
 *     return { tfjsBackend: 'my-engine', capabilities: { trains: true, precision: 'float32', engine: 'mine 1.0' } };
 *   },
 * });
 */
export function defineBackend(definition: BackendDefinition): BackendAdapter {
  const { name, description } = definition;
  checkDefinition(definition);
  const isAvailable = async (): Promise<Availability> => definition.isAvailable?.() ?? { available: true };
  return {
    name,
    description,
    isAvailable,
    async create(options = {}) {
      checkOptions(name, options);
      const availability = await isAvailable();
      if (!availability.available) throw unavailable(name, availability.reason);
      try {
        const started = await definition.start(options);
        return 'tfjsBackend' in started
          ? await createEagerBackend({ name, ...started })
          : { ...started, name };
      } catch (error) {
        if (error instanceof PatchBertError) throw error;
        throw unavailable(name, `it failed to start: ${messageOf(error)}`, error);
      }
    },
  };
}

function checkDefinition({ name, description, start }: Partial<BackendDefinition>): void {
  const wrong =
    typeof name !== 'string' || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)
      ? `name is ${JSON.stringify(name)}; expected lower-case words joined by hyphens, such as "my-engine"`
      : typeof description !== 'string' || description === ''
        ? `description of "${name}" is ${JSON.stringify(description)}; expected one line that says engine and device`
        : typeof start !== 'function'
          ? `start of "${name}" is ${typeof start}; expected a function that loads the engine`
          : undefined;
  if (wrong !== undefined) throw new PatchBertError('backend/bad-definition', `defineBackend: ${wrong}.`);
}

function checkOptions(name: string, { threads, ...others }: BackendOptions): void {
  const unknown = Object.keys(others);
  if (unknown.length > 0) {
    throw new PatchBertError(
      'backend/bad-option',
      `${name}: unknown option "${unknown[0]}". Known options: threads.`,
    );
  }
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1)) {
    throw new PatchBertError(
      'backend/bad-option',
      `${name}: threads must be a whole number of at least 1; got ${threads}.`,
    );
  }
}

function unavailable(name: string, reason: string, cause?: unknown): PatchBertError {
  return new PatchBertError('backend/unavailable', `backend "${name}" cannot run here: ${reason}`, { cause });
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
