import { startBackend } from '@patchbert/backend';
import { adapters as engines } from '@patchbert/command-line';
import { median } from '../median.ts';
import { stepProblem, type Variant } from './problem.ts';

/** What one process measured of one engine; milliseconds and mebibytes. The same line as `bench/peers` prints. */
export interface StepTiming {
  readonly engine: string;
  readonly mode: string;
  readonly threads: number;
  readonly median_ms: number;
  readonly minimum_ms: number;
  /** Peak resident memory of the process. */
  readonly memory_mb: number;
  readonly steps: number;
  readonly first_loss: number;
  readonly last_loss: number;
  /** Trace and compile, where the engine does that. */
  readonly compile_ms?: number;
}

/** Times `steps` steps after `warmUp` ones in this process. */
export async function timeEngine(
  engine: string,
  variant: Variant,
  threads: number,
  steps: number,
  warmUp: number,
): Promise<StepTiming> {
  const backend = await startBackend(engines, engine, { threads });
  const { step, signature, state, batch } = stepProblem(variant);
  const compileStart = performance.now();
  const program = await backend.compile(step, signature);
  const compileMs = performance.now() - compileStart;
  await program.writeState(state);
  const losses: number[] = [];
  const milliseconds: number[] = [];
  for (let index = 0; index < warmUp + steps; index++) {
    const start = performance.now();
    const { loss } = await program.run(batch);
    if (index >= warmUp) milliseconds.push(performance.now() - start);
    losses.push(loss!.data[0]!);
  }
  await backend.dispose();
  return {
    engine,
    mode: variant,
    threads,
    median_ms: median(milliseconds),
    minimum_ms: Math.min(...milliseconds),
    memory_mb: process.resourceUsage().maxRSS / 1024,
    steps,
    first_loss: losses[0]!,
    last_loss: losses.at(-1)!,
    compile_ms: compileMs,
  };
}
