import promises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What becomes of the call with number `at`, counted from 0. */
export interface Fault {
  readonly at: number;
  /**
   * `stops`: nothing happens from then on, as if the process had been killed; `fails`: that call alone; `fails from then on`: every
   * later one too; `waits`: it is made after something else has happened.
   */
  readonly kind: 'stops' | 'fails' | 'fails from then on' | 'waits';
  /** Error code of the calls that fail. */
  readonly code?: 'ENOSPC' | 'EROFS' | 'EXDEV' | 'EIO';
  /** What happens while a call waits; its own calls do not count. */
  readonly meanwhile?: () => Promise<void>;
}

export interface FaultyRun<T> {
  /** The calls that were made, up to the fault. */
  readonly calls: readonly string[];
  /** Absent when it was stopped. */
  readonly value?: T;
  readonly error?: unknown;
  readonly stopped: boolean;
}

const functions = ['open', 'mkdir', 'rename', 'rm', 'rmdir', 'writeFile'] as const;
const methods = ['writeFile', 'sync'] as const;
/** Only waited for: what is read may be old when it is acted on. */
const readers = ['readdir', 'readFile'] as const;

const { open, readdir } = promises;

/**
 * Runs something whose calls to `node:fs/promises` that change or flush what is on disk are counted, and lets one of them go wrong.
 * A write that goes wrong has written half of its bytes, the removal of a folder has removed its first file.
 */
export async function withFault<T>(fault: Fault | undefined, run: () => Promise<T>): Promise<FaultyRun<T>> {
  const calls: string[] = [];
  let stop = () => {};
  const stopped = new Promise<'stopped'>((resolve) => {
    stop = () => resolve('stopped');
  });
  const never = new Promise<never>(() => {});
  const restorers: (() => void)[] = [];
  const opened: FileHandle[] = [];
  let isElsewhere = false;

  const replace = (owner: object, name: string) => {
    const functionsByName = owner as Record<string, (...args: unknown[]) => Promise<unknown>>;
    const original = functionsByName[name]!;
    functionsByName[name] = async function faulty(this: unknown, ...args: unknown[]) {
      if (isElsewhere) return original.apply(this, args);
      const number = calls.length;
      const isOnce = fault?.kind === 'fails' || fault?.kind === 'waits';
      const hit = fault !== undefined && (isOnce ? number === fault.at : number >= fault.at);
      if (hit && fault.kind === 'stops' && number > fault.at) return never;
      calls.push(name);
      if (hit && fault.kind === 'waits') {
        isElsewhere = true;
        await fault.meanwhile?.();
        isElsewhere = false;
      }
      if (!hit || fault.kind === 'waits') {
        const value = await original.apply(this, args);
        if (name === 'open') opened.push(value as FileHandle);
        return value;
      }
      if (owner !== promises && name === 'writeFile') await original.call(this, firstHalf(args[0]));
      if (name === 'rm') await removeFirstFile(String(args[0]), original);
      if (fault.kind !== 'stops') throw refusal(fault.code ?? 'EIO', name);
      stop();
      return never;
    };
    restorers.push(() => {
      functionsByName[name] = original;
    });
  };

  const prototype = await fileHandlePrototype();
  for (const name of fault?.kind === 'waits' ? [...functions, ...readers] : functions)
    replace(promises, name);
  for (const name of methods) replace(prototype, name);
  syncBuiltinESMExports();
  try {
    const ended = run().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    const outcome = await Promise.race([ended, stopped]);
    return { calls, stopped: outcome === 'stopped', ...(outcome !== 'stopped' && outcome) };
  } finally {
    for (const restore of restorers) restore();
    syncBuiltinESMExports();
    for (const handle of opened) if (handle.fd >= 0) await handle.close();
  }
}

/** Something that is run again and again, each time with a fault at another call. */
export interface Trial<S, T> {
  /** Makes what a run starts from, anew for each. */
  prepare(): Promise<S>;
  run(start: S): Promise<T>;
  check(start: S, outcome: FaultyRun<T>): Promise<void>;
  /** What happens while a call waits. */
  meanwhile?(start: S): Promise<void>;
  /** Only calls of these names get the fault, where every one takes too long. */
  readonly only?: readonly string[];
}

/**
 * Runs a trial once without any fault, then once for every call that it made, with the fault at that call.
 *
 * @returns how many runs had a fault.
 */
export async function atEveryCall<S, T>(
  fault: Omit<Fault, 'at' | 'meanwhile'>,
  { prepare, run, check, meanwhile, only }: Trial<S, T>,
): Promise<number> {
  const runWithFault = async (at: number) => {
    const start = await prepare();
    const outcome = await withFault({ ...fault, at, meanwhile: async () => meanwhile?.(start) }, () =>
      run(start),
    );
    await check(start, outcome);
    return outcome.calls;
  };
  const calls = await runWithFault(Number.POSITIVE_INFINITY);
  const chosen = [...calls.keys()].filter((at) => only === undefined || only.includes(calls[at]!));
  for (const at of chosen) await runWithFault(at);
  return chosen.length;
}

function firstHalf(content: unknown): string | Uint8Array {
  const whole = content as string | Uint8Array;
  return whole.slice(0, Math.floor(whole.length / 2));
}

async function removeFirstFile(
  folder: string,
  remove: (...args: unknown[]) => Promise<unknown>,
): Promise<void> {
  const [first] = await readdir(folder).catch(() => []);
  if (first !== undefined) await remove(join(folder, first), { force: true });
}

function refusal(code: string, call: string): Error {
  return Object.assign(new Error(`${code}: refused on purpose, ${call}`), { code, syscall: call });
}

/** Not exported by Node; every handle has it. */
async function fileHandlePrototype(): Promise<object> {
  const handle: FileHandle = await open(tmpdir(), 'r');
  await handle.close();
  return Object.getPrototypeOf(handle) as object;
}
