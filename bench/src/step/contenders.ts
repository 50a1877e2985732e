import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Variant, variants } from './problem.ts';

/** One row of the table: a command that prints one line of JSON with its timing. */
export interface Contender {
  readonly label: string;
  readonly command: readonly string[];
  /** Slow engines run in the first round only. */
  readonly everyRound: boolean;
}

const main = fileURLToPath(new URL('../main.js', import.meta.url));
const peer = (script: string) => fileURLToPath(new URL(`../../peers/${script}`, import.meta.url));

/** The engines of this project and of tfjs. `steps` is the number of timed steps of a round. */
export function ownContenders(steps: number): Contender[] {
  const all = availableParallelism();
  const own = (
    engine: string,
    variant: Variant,
    threads: number,
    count: number,
    warmUp: number,
  ): Contender => ({
    label: variant === 'all-patches' ? engine : `${engine}, ${variant}`,
    command: [
      ...[process.execPath, main, 'time-engine', engine, variant],
      ...[`--threads=${threads}`, `--steps=${count}`, `--warm-up=${warmUp}`],
    ],
    everyRound: engine === 'onnx-cpu',
  });
  const threadCounts = all === 1 ? [1] : [1, all];
  return [
    ...threadCounts.map((threads) => own('onnx-cpu', 'all-patches', threads, steps, 5)),
    ...variants.slice(1).map((variant) => own('onnx-cpu', variant, all, steps, 5)),
    own('tfjs-node-gpu', 'all-patches', all, steps, 5),
    own('tfjs-node-cpu', 'all-patches', all, 10, 3),
    own('tfjs-wasm', 'all-patches', 1, 3, 1),
    own('tfjs-cpu', 'all-patches', 1, 1, 0),
  ];
}

/** The Python engines of `bench/peers`; which of them are installed shows when they run. */
export function peerContenders(python: string, steps: number): Contender[] {
  const all = availableParallelism();
  const scripts: [string, string, number][] = [
    ['torch_step.py', 'eager', all],
    ['torch_step.py', 'eager', 1],
    ['torch_step.py', 'compiled', all],
    ['jax_step.py', 'jit', all],
    ['tensorflow_step.py', 'graph', all],
  ];
  return scripts.map(([script, mode, threads]) => ({
    label: `${script.replace('_step.py', '')} ${mode}`,
    command: [python, peer(script), `--mode=${mode}`, `--threads=${threads}`, `--steps=${steps}`],
    everyRound: true,
  }));
}
