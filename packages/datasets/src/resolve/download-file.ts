import { createHash, type Hash } from 'node:crypto';
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PatchBertError, quote } from '@patchbert/errors';

export interface DownloadRequest {
  readonly url: string;
  /** Accepted SHA-256 hashes, at least one. */
  readonly sha256: readonly string[];
  /** Where the file goes. */
  readonly path: string;
  /** `fetch`, or something like it. */
  readonly download: typeof fetch;
  readonly signal?: AbortSignal;
  /** Most bytes that are taken, unpacked. Default 512 MiB, far above every file of the registry. */
  readonly mostBytes?: number;
  /** Longest wait for the next bytes, in milliseconds. Default one minute. */
  readonly longestSilence?: number;
  /** Longest download, in milliseconds. Default one hour. */
  readonly longestTime?: number;
}

type Fail = (code: string, problem: string, cause?: unknown) => PatchBertError;

/** A server must not be able to fill the disk. */
const MOST_BYTES = 512 * 1024 * 1024;
const MINUTE = 60_000;
const MOST_REDIRECTS = 5;

/**
 * Fetches a file once: written beside its place, checked, flushed, renamed; so the path holds the whole,
 * right file or nothing. A server may redirect five times, never from https to anything else; what it sends is bounded in size
 * and time.
 *
 * @throws PatchBertError `datasets/download-failed` or `datasets/wrong-hash`; the signal's reason when aborted.
 * @example
 * await downloadFile({ url, sha256: ['f18de3…'], path: 'cache/ETTh1.csv', download: fetch });
 */
export async function downloadFile(request: DownloadRequest): Promise<void> {
  const { path, sha256, signal } = request;
  const fail: Fail = (code, problem, cause) =>
    new PatchBertError(
      code,
      `downloadFile: ${request.url} ${problem}; try again, or fetch it by hand and put it at ${JSON.stringify(path)}.`,
      { cause },
    );
  let aside: string | undefined;
  try {
    await mkdir(dirname(path), { recursive: true });
    aside = await mkdtemp(join(dirname(path), '.download-'));
    const part = join(aside, basename(path));
    const hash = createHash('sha256');
    await writeResponse(request, part, hash, fail);
    const actual = hash.digest('hex');
    if (!sha256.includes(actual)) {
      throw fail(
        'datasets/wrong-hash',
        `gave a file with SHA-256 ${actual}, expected ${sha256.join(' or ')}`,
      );
    }
    await rename(part, path);
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof PatchBertError
      ? error
      : fail('datasets/download-failed', `failed: ${reason(error)}`, error);
  } finally {
    if (aside !== undefined) await rm(aside, { recursive: true, force: true });
  }
}

async function writeResponse(request: DownloadRequest, part: string, hash: Hash, fail: Fail): Promise<void> {
  const { mostBytes = MOST_BYTES, longestSilence = MINUTE, longestTime = 60 * MINUTE } = request;
  const patience = watchTime(request.signal, longestSilence, longestTime, (problem) =>
    fail('datasets/download-failed', problem),
  );
  try {
    const response = await patience.of(follow(request, patience.signal, fail));
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw fail('datasets/download-failed', `answered ${response.status} ${response.statusText}`.trimEnd());
    }
    const reader = response.body.getReader();
    const file = await open(part, 'wx');
    try {
      let bytes = 0;
      for (;;) {
        const { done, value } = await patience.of(reader.read());
        if (done) break;
        bytes += value.length;
        if (bytes > mostBytes) throw fail('datasets/download-failed', `sent more than ${mostBytes} bytes`);
        hash.update(value);
        await file.writeFile(value);
      }
      await file.sync();
    } finally {
      await file.close();
      // Nothing is waited for: a server that says nothing has no say in when this ends.
      reader.cancel().catch(() => {});
    }
  } finally {
    patience.end();
  }
}

/** Asks for the address and for those it redirects to. */
async function follow(
  { url, download }: DownloadRequest,
  signal: AbortSignal,
  fail: Fail,
): Promise<Response> {
  let address = new URL(url);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await download(address.href, { signal, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    const next = URL.canParse(location, address.href) ? new URL(location, address) : undefined;
    if (next === undefined || (next.protocol !== 'https:' && next.protocol !== address.protocol)) {
      throw fail(
        'datasets/download-failed',
        `redirects to ${quote(next?.href ?? location)}, which is not followed`,
      );
    }
    address = next;
  }
  throw fail('datasets/download-failed', `redirects more than ${MOST_REDIRECTS} times`);
}

interface Patience {
  /** Aborted when time is up or the user stops. */
  readonly signal: AbortSignal;
  /** What a step gives, or the reason for which it is not waited for any longer. */
  of<T>(step: Promise<T>): Promise<T>;
  end(): void;
}

/** A limit for each step and one for all; what ignores the signal is left behind. */
function watchTime(
  user: AbortSignal | undefined,
  longestStep: number,
  longestTime: number,
  fail: (problem: string) => PatchBertError,
): Patience {
  const stop = new AbortController();
  const signal = user === undefined ? stop.signal : AbortSignal.any([user, stop.signal]);
  const inTime = setTimeout(() => stop.abort(fail(`took more than ${longestTime / 1000} s`)), longestTime);
  return {
    signal,
    async of(step) {
      step.catch(() => {});
      signal.throwIfAborted();
      const silence = setTimeout(
        () => stop.abort(fail(`sent nothing for ${longestStep / 1000} s`)),
        longestStep,
      );
      let leave = () => {};
      const aborted = new Promise<never>((_, reject) => {
        leave = () => reject(signal.reason);
        signal.addEventListener('abort', leave);
      });
      try {
        return await Promise.race([step, aborted]);
      } finally {
        clearTimeout(silence);
        signal.removeEventListener('abort', leave);
      }
    },
    end: () => clearTimeout(inTime),
  };
}

/** One line: the deepest cause says most (`fetch failed` hides `ENOTFOUND`). */
function reason(error: unknown): string {
  let deepest = error;
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
  const text = deepest instanceof Error ? deepest.message || deepest.name : String(deepest);
  return text.replaceAll(/\s+/g, ' ');
}
