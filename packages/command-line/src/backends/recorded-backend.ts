import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The backend that a run used, as its folder says. It may come from a stranger: nothing is imported on its word. */
export interface RecordedBackend {
  readonly name: string;
  /** The module file or package it came from, when it did not ship with the program. */
  readonly module?: string;
  /** The folder of the run. */
  readonly folder: string;
}

/** The backend that an `environment.json` names, so that going on stays exact; undefined when it does not say. */
export async function recordedBackend(environmentFile: string): Promise<RecordedBackend | undefined> {
  const text = await readSmallFile(environmentFile).catch(() => '{}');
  try {
    const { backend, backendModule } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof backend !== 'string') return undefined;
    return {
      name: backend,
      ...(typeof backendModule === 'string' && { module: backendModule }),
      folder: dirname(environmentFile),
    };
  } catch {
    return undefined;
  }
}

/** Far above any of ours. */
const LARGEST = 2 ** 20;

/** No pipe or device, which may never end, and nothing large. */
async function readSmallFile(path: string): Promise<string> {
  const found = await stat(path);
  return found.isFile() && found.size <= LARGEST ? readFile(path, 'utf8') : '{}';
}
