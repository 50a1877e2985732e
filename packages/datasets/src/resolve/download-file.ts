import { createHash, type Hash } from 'node:crypto';
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';

export interface DownloadRequest {
  readonly url: string;
  /** Accepted SHA-256 hashes, at least one. */
  readonly sha256: readonly string[];
  /** Where the file goes. */
  readonly path: string;
  /** `fetch`, or something like it. */
  readonly download: typeof fetch;
  readonly signal?: AbortSignal;
}

/** Far above every file of the registry: a server must not be able to fill the disk. */
const MAXIMUM_BYTES = 512 * 1024 * 1024;

/**
 * Fetches a file once: written beside its place, checked, flushed, renamed; so the path holds the whole,
 * right file or nothing.
 *
 * @throws PatchBertError `datasets/download-failed` or `datasets/wrong-hash`; the signal's reason when aborted.
 * @example
 * await downloadFile({ url, sha256: ['f18de3…'], path: 'cache/ETTh1.csv', download: fetch });
 */
export async function downloadFile(request: DownloadRequest): Promise<void> {
  const { path, sha256, signal } = request;
  const fail = (code: string, problem: string, cause?: unknown) =>
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

async function writeResponse(
  { url, download, signal }: DownloadRequest,
  part: string,
  hash: Hash,
  fail: (code: string, problem: string) => PatchBertError,
): Promise<void> {
  const response = await download(url, signal === undefined ? {} : { signal });
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw fail('datasets/download-failed', `answered ${response.status} ${response.statusText}`.trimEnd());
  }
  const file = await open(part, 'wx');
  try {
    let bytes = 0;
    for await (const chunk of response.body) {
      bytes += chunk.length;
      if (bytes > MAXIMUM_BYTES) throw fail('datasets/download-failed', 'sent more than 512 MiB');
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** One line: the deepest cause says most (`fetch failed` hides `ENOTFOUND`). */
function reason(error: unknown): string {
  let deepest = error;
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
  const text = deepest instanceof Error ? deepest.message || deepest.name : String(deepest);
  return text.replaceAll(/\s+/g, ' ');
}
