import { readFile } from 'node:fs/promises';
import { runFolderAt } from '@patchbert/train';

/** The backend a run began on, so that resuming stays exact; undefined when the run does not say. */
export async function recordedBackend(runFolder: string): Promise<string | undefined> {
  const text = await readFile(runFolderAt(runFolder).environment, 'utf8').catch(() => '{}');
  try {
    const { backend } = JSON.parse(text) as { backend?: unknown };
    return typeof backend === 'string' ? backend : undefined;
  } catch {
    return undefined;
  }
}
