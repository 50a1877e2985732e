import { extname } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Device } from '../engine/backend-kinds.ts';
import type { Context } from './context.ts';
import { lastError, runProgram } from './run-program.ts';

/** What a native binding that works did when it was tried. */
export interface WorkingTrial {
  readonly works: true;
  /** TensorFlow's version. */
  readonly tensorflow: string;
  readonly device: Device;
  /** What TensorFlow logged about CUDA, where it found no device. */
  readonly complaints: readonly string[];
}

export type Trial = WorkingTrial | { readonly works: false; readonly reason: string };

/** Computes something with the native binding of a package, in a process of its own, and says how that went. */
export async function tryBinding(packageFolder: string, context: Pick<Context, 'signal'>): Promise<Trial> {
  const program = fileURLToPath(new URL(`./trial-program${extname(import.meta.url)}`, import.meta.url));
  const ended = await runProgram([execPath, program, packageFolder], context, {
    environment: { TF_CPP_MIN_LOG_LEVEL: '0' },
  });
  try {
    if (ended.code !== 0) throw new Error(lastError(ended).replace(/^Error: /, ''));
    const { tensorflow, device } = JSON.parse(ended.stdout.trim().split('\n').at(-1)!);
    return { works: true, tensorflow, device, complaints: complaintsIn(ended.stderr) };
  } catch (error) {
    return { works: false, reason: (error as Error).message };
  }
}

/** Lines of TensorFlow's log that say why there is no GPU, without time and place. */
function complaintsIn(log: string): readonly string[] {
  const lines = log.split('\n').filter((line) => /cuda|cudnn|dlopen|gpu/i.test(line) && !/oneDNN/.test(line));
  return [...new Set(lines.map((line) => line.replace(/^\S+ \S+: [A-Z] |^.*?\.(cc|h):\d+\] /, '').trim()))];
}
