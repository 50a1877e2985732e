import { readFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import type { Backend } from '@patchbert/backend';
import * as tf from '@tensorflow/tfjs-core';

/** `environment.json`: where a run happened, as plain text facts. */
export function describeEnvironment(backend: Backend): Record<string, string> {
  const processors = cpus();
  return {
    patchbert: packageVersion(),
    node: process.version,
    tfjs: tf.version_core,
    backend: backend.name,
    ...(backend.module !== undefined && { backendModule: backend.module }),
    engine: backend.capabilities.engine,
    precision: backend.capabilities.precision,
    platform: `${platform()} ${release()} ${arch()}`,
    processor: `${processors.length} x ${processors[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  };
}

/** Version of this package, read beside the code: `src` and `dist` lie at the same depth. */
export function packageVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
