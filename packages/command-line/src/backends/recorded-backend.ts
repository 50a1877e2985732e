import { readFile } from 'node:fs/promises';
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
  const text = await readFile(environmentFile, 'utf8').catch(() => '{}');
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
