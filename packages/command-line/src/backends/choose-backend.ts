import { type BackendAdapter, findAdapter } from '@patchbert/backend';
import { didYouMean, PatchBertError } from '@patchbert/errors';
import { usageError } from '../errors/describe-error.ts';
import { shellWord } from '../flags/shell-word.ts';
import { adapters, defaultBackend } from './adapters.ts';
import { loadAdapters, pickAdapter } from './load-adapters.ts';
import { namesModule } from './module-name.ts';
import { printable } from './printable.ts';
import type { RecordedBackend } from './recorded-backend.ts';

/** Who names a backend; the first one that does decides. */
export interface BackendRequest {
  /** What stood behind `--backend`: a shipped backend, a module file or a package. Nothing else can load a module. */
  readonly typed?: string | undefined;
  /** What a configuration file says: a shipped backend. */
  readonly configured?: { readonly name: string | undefined; readonly file: string | undefined };
  /** What the folder of a run says that shall go on: a shipped backend. */
  readonly recorded?: RecordedBackend | undefined;
}

/** A backend to start with `openBackend`. */
export interface ChosenBackend {
  readonly adapter: BackendAdapter;
  /** The module it came from, as typed; absent for shipped backends. */
  readonly module?: string;
}

/** The name that a request asks for, as given; undefined where the default will do. */
export function askedBackend({ typed, configured }: BackendRequest): string | undefined {
  return typed ?? configured?.name;
}

/**
 * The backend to compute on. A module is imported only when its user named it on the command line: a run folder or a
 * configuration file may come from a stranger, so one that names a module is an error that says what to type.
 *
 * @throws PatchBertError `backend/unknown`, `command-line/usage`, and those of `loadAdapters`.
 * @example
 * const { adapter } = await chooseBackend({ typed: './my-backend.mjs' });
 */
export async function chooseBackend(request: BackendRequest): Promise<ChosenBackend> {
  const { typed, configured, recorded } = request;
  if (typed !== undefined) return typedBackend(typed);
  if (configured?.name !== undefined) return configuredBackend(configured.name, configured.file);
  if (recorded !== undefined) return recordedBackendOf(recorded);
  return { adapter: findAdapter(adapters, defaultBackend) };
}

async function typedBackend(typed: string): Promise<ChosenBackend> {
  const adapter = shipped(typed);
  if (adapter !== undefined) return { adapter };
  const offered = await loadAdapters(typed);
  if (offered === undefined) throw unknownBackend(typed);
  return { adapter: pickAdapter(offered, typed), module: typed };
}

function configuredBackend(name: string, file = 'the configuration file'): ChosenBackend {
  const adapter = shipped(name);
  if (adapter !== undefined) return { adapter };
  if (!namesModule(name)) throw unknownBackend(name);
  const shown = printable(name);
  throw usageError(
    `${file} names the backend module "${shown}". A configuration file loads no code by itself: if you trust that ` +
      `module, name it on the command line too, --backend ${shellWord(shown)}.`,
  );
}

function recordedBackendOf({ name, module, folder }: RecordedBackend): ChosenBackend {
  const adapter = module === undefined ? shipped(name) : undefined;
  if (adapter !== undefined) return { adapter };
  const from = module === undefined ? '' : ` of the module "${printable(module)}"`;
  const again = shellWord(printable(module ?? './my-backend.mjs'));
  throw usageError(
    `the run in "${folder}" was computed by the backend "${printable(name)}"${from}, which does not come with this program. A ` +
      `run folder loads no code by itself: if you trust it, name it again with --backend ${again}, as seen from here. If it is ` +
      `gone, --backend ${defaultBackend} goes on without it, but not bit for bit.`,
  );
}

function shipped(name: string): BackendAdapter | undefined {
  return adapters.find((adapter) => adapter.name === name);
}

function unknownBackend(name: string): PatchBertError {
  const known = adapters.map((adapter) => adapter.name);
  return new PatchBertError(
    'backend/unknown',
    `there is no backend "${printable(name)}", and no package of that name is installed here.${didYouMean(name, known)} Known backends: ` +
      `${known.join(', ')}. One of your own is named by its file, such as ./my-backend.mjs.`,
  );
}
