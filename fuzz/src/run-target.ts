import { PatchBertError } from '@patchbert/errors';
import fc from 'fast-check';
import type { FuzzTarget } from './fuzz-target.ts';
import { hostileInputs } from './inputs.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Number of inputs. */
  readonly count: number;
}

export interface FuzzOutcome {
  /** Inputs that were read, and inputs that were refused, the search for a smaller one included. */
  readonly read: number;
  readonly refused: number;
  readonly slowestMilliseconds: number;
  readonly failure?: {
    readonly reason: string;
    /** The smallest input found. */
    readonly input: Uint8Array;
  };
}

/** A message longer than this quotes more than it should. */
const LONGEST_MESSAGE = 1500;

/** Gives a target many inputs: each must be read and pass its check, or be refused as it should be. */
export async function runTarget(target: FuzzTarget, { seed, count }: FuzzOptions): Promise<FuzzOutcome> {
  const prototypes = prototypeNames();
  let [read, refused, slowestMilliseconds] = [0, 0, 0];
  const property = fc.asyncProperty(hostileInputs(target), async (bytes) => {
    // The reader may keep its input, and the search for a smaller one uses it again.
    const input = bytes.slice();
    const start = performance.now();
    const outcome = await attempt(target, input);
    slowestMilliseconds = Math.max(slowestMilliseconds, performance.now() - start);
    if (prototypeNames() !== prototypes) throw new Error('a prototype has changed');
    if ('error' in outcome) {
      requireRefusal(outcome.error);
      refused++;
    } else {
      target.check(outcome.value, bytes);
      read++;
    }
  });
  const details = await fc.check(property, { seed, numRuns: count });
  const counts = { read, refused, slowestMilliseconds };
  if (!details.failed) return counts;
  const { errorInstance, counterexample } = details;
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return { ...counts, failure: { reason, input: counterexample?.[0] ?? new Uint8Array() } };
}

async function attempt(
  target: FuzzTarget,
  bytes: Uint8Array,
): Promise<{ readonly value: unknown } | { readonly error: unknown }> {
  try {
    return { value: await target.read(bytes) };
  } catch (error) {
    return { error };
  }
}

function requireRefusal(error: unknown): void {
  if (!(error instanceof PatchBertError)) {
    throw new Error(`throws ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  const { code, message } = error;
  if (!/^[a-z-]+\/[a-z0-9-]+$/.test(code)) throw new Error(`its error has the code ${code}`);
  if (message.length > LONGEST_MESSAGE) throw new Error(`its message has ${message.length} characters`);
  if (/[\n\r]/.test(message)) throw new Error(`its message has more than one line: ${message}`);
}

/** All names that every object has, as one text. */
function prototypeNames(): string {
  return [Object.prototype, Array.prototype, Function.prototype]
    .map((prototype) => Reflect.ownKeys(prototype).map(String).join())
    .join(' ');
}
