import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import type { Context } from './context.ts';
import type { FoundProgram } from './find-programs.ts';
import { WHEEL_PYTHON } from './libraries.ts';
import { lastError, runProgram } from './run-program.ts';

/** The newest glibc that wheels are asked for here: what is built for an older one runs on a newer one. */
const NEWEST_GLIBC_MINOR = 28;

/**
 * Downloads the wheel of one Python package to `folder` with pip, which checks it against the index' hash, and returns its path.
 * pip's own temporary files are kept there too.
 *
 * @throws PatchBertError `node-gpu/download-failed` with what pip said.
 */
export async function downloadWheel(
  requirement: string,
  folder: string,
  pip: FoundProgram,
  context: Context,
): Promise<string> {
  const [wheels, temporary] = [join(folder, 'wheels'), join(folder, 'temporary')];
  for (const each of [wheels, temporary]) await mkdir(each, { recursive: true });
  const platforms = Array.from(
    { length: NEWEST_GLIBC_MINOR - 4 },
    (_, index) => `manylinux_2_${5 + index}_x86_64`,
  );
  const ended = await runProgram(
    [
      ...pip.command,
      'download',
      ...['--no-deps', '--only-binary=:all:', '--no-cache-dir', '--disable-pip-version-check'],
      ...(context.watched ? [] : ['--quiet']),
      ...['--python-version', WHEEL_PYTHON],
      ...[...platforms, 'manylinux2014_x86_64', 'manylinux1_x86_64'].flatMap((name) => ['--platform', name]),
      ...['--dest', wheels, requirement],
    ],
    context,
    { environment: { TMPDIR: temporary }, shown: context.watched },
  );
  const [wheel] = (await readdir(wheels)).filter((name) => name.endsWith('.whl'));
  if (ended.code === 0 && wheel !== undefined) return join(wheels, wheel);
  throw new PatchBertError(
    'node-gpu/download-failed',
    `pip could not download ${requirement}: ${lastError(ended)}. Where the index cannot be reached, name a wheel that is there with --wheel.`,
  );
}
