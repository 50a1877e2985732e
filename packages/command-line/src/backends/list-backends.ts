import type { BackendAdapter } from '@patchbert/backend';
import { adapters, defaultBackend } from './adapters.ts';
import { chooseBackend } from './choose-backend.ts';
import { loadAdapters } from './load-adapters.ts';
import { parseModuleName } from './module-name.ts';

/** A backend to look at. */
export interface ListedBackend {
  readonly name: string;
  readonly description: string;
  readonly isDefault: boolean;
  /** What stands behind `--backend` to choose it. */
  readonly typed: string;
}

/**
 * All shipped backends, or those that are named: shipped ones, or all of a module.
 *
 * @throws PatchBertError as `chooseBackend`.
 */
export async function listBackends(named: readonly string[]): Promise<readonly ListedBackend[]> {
  if (named.length === 0) return adapters.map((adapter) => listed(adapter, adapter.name));
  const lists: ListedBackend[] = [];
  for (const typed of named) lists.push(...(await backendsOf(typed)));
  return lists;
}

async function backendsOf(typed: string): Promise<readonly ListedBackend[]> {
  const { module, backend } = parseModuleName(typed);
  const isShipped = adapters.some(({ name }) => name === typed);
  const offered = isShipped || backend !== undefined ? undefined : await loadAdapters(module);
  if (offered === undefined) return [listed((await chooseBackend({ typed })).adapter, typed)];
  return offered.map((adapter) => listed(adapter, `${module}#${adapter.name}`));
}

function listed({ name, description }: BackendAdapter, typed: string): ListedBackend {
  return { name, description, typed, isDefault: typed === defaultBackend };
}
