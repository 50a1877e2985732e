import { readFile } from 'node:fs/promises';

/** The backend that an `environment.json` names, so that going on stays exact; undefined when it does not say. */
export async function recordedBackend(environmentFile: string): Promise<string | undefined> {
  const text = await readFile(environmentFile, 'utf8').catch(() => '{}');
  try {
    const { backend } = JSON.parse(text) as { backend?: unknown };
    return typeof backend === 'string' ? backend : undefined;
  } catch {
    return undefined;
  }
}
