import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import type { Context } from './context.ts';
import type { FoundProgram } from './find-programs.ts';
import { lastError, runProgram } from './run-program.ts';

const require = createRequire(import.meta.url);

/**
 * Builds the native binding from the sources in a package of tfjs-node with one call of the compiler: what node-gyp would do, without
 * its download of Node's headers.
 *
 * @throws PatchBertError `node-gpu/compile-failed` with what the compiler said.
 */
export async function compileBinding(
  packageFolder: string,
  tensorflow: string,
  output: string,
  compiler: FoundProgram,
  context: Context,
): Promise<void> {
  const nodeHeaders = dirname(require.resolve('node-api-headers/include/node_api.h'));
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(packageFolder, 'binding', name));
  const ended = await runProgram(
    [
      ...compiler.command,
      ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'],
      ...['-isystem', join(tensorflow, 'include'), '-isystem', nodeHeaders],
      ...sources,
      ...['-o', output, `-L${join(tensorflow, 'lib')}`],
      ...['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
      // Relative to the binding in lib/napi-v8: the links that go with it.
      '-Wl,-rpath,$ORIGIN/../../deps/lib',
    ],
    context,
  );
  if (ended.code === 0) return;
  throw new PatchBertError(
    'node-gpu/compile-failed',
    `${compiler.title} could not build the native binding: ${lastError(ended)}`,
  );
}
