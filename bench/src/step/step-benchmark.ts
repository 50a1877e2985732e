import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { median } from '../median.ts';
import { formatTable } from '../table.ts';
import { type Contender, ownContenders, peerContenders } from './contenders.ts';
import { runContender } from './run-contender.ts';
import type { StepTiming } from './time-engine.ts';

export interface StepBenchmarkOptions {
  readonly rounds: number;
  readonly steps: number;
  readonly python: string;
  readonly json?: string;
  /** Only rows whose name contains this. */
  readonly only?: string;
}

interface Row {
  readonly label: string;
  readonly timings: StepTiming[];
  reason?: string;
}

/** Runs every engine in alternating rounds and prints (and writes) the table. */
export async function stepBenchmark(options: StepBenchmarkOptions): Promise<void> {
  const contenders = [
    ...ownContenders(options.steps),
    ...peerContenders(options.python, options.steps),
  ].filter(({ label }) => label.includes(options.only ?? ''));
  const rows = new Map<Contender, Row>(
    contenders.map((contender) => [contender, { label: contender.label, timings: [] }]),
  );
  for (let round = 0; round < options.rounds; round++) {
    for (const [contender, row] of rows) {
      if (row.reason !== undefined || (round > 0 && !contender.everyRound)) continue;
      process.stderr.write(`round ${round + 1} of ${options.rounds}: ${contender.label}${' '.repeat(24)}\r`);
      const result = await runContender(contender);
      if ('timing' in result) row.timings.push(result.timing);
      else row.reason = result.reason;
    }
  }
  process.stderr.write(`${' '.repeat(60)}\r`);
  const results = [...rows.values()].map(summarise);
  printTable(results);
  if (options.json !== undefined) {
    const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
    writeFileSync(
      options.json,
      `${JSON.stringify({ ...machine, rounds: options.rounds, results }, null, 2)}\n`,
    );
  }
}

interface Summary {
  readonly engine: string;
  readonly threads?: number;
  /** Median over the rounds of each round's median. */
  readonly median_ms?: number;
  readonly minimum_ms?: number;
  readonly memory_mb?: number;
  readonly compile_ms?: number;
  readonly rounds: number;
  /** Why there are no numbers. */
  readonly missing?: string;
}

function summarise({ label, timings, reason }: Row): Summary {
  if (timings.length === 0) return { engine: label, rounds: 0, missing: reason ?? 'not run' };
  const compile = timings.flatMap((timing) => timing.compile_ms ?? []);
  return {
    engine: label,
    threads: timings[0]!.threads,
    median_ms: median(timings.map((timing) => timing.median_ms)),
    minimum_ms: Math.min(...timings.map((timing) => timing.minimum_ms)),
    memory_mb: Math.max(...timings.map((timing) => timing.memory_mb)),
    ...(compile.length > 0 && { compile_ms: median(compile) }),
    rounds: timings.length,
  };
}

function printTable(results: readonly Summary[]): void {
  const base = results.find((row) => row.engine === 'onnx-cpu' && (row.threads ?? 1) > 1) ?? results[0]!;
  const number = (value: number | undefined, digits: number) => value?.toFixed(digits) ?? '';
  const lines = results.map((row) => [
    row.engine,
    number(row.threads, 0),
    row.missing === undefined ? number(row.median_ms, 1) : row.missing.slice(0, 60),
    number(row.minimum_ms, 1),
    row.median_ms && base.median_ms ? `${(row.median_ms / base.median_ms).toFixed(2)} x` : '',
    number(row.memory_mb, 0),
    number(row.compile_ms, 0),
  ]);
  const header = ['engine', 'threads', 'median ms', 'minimum ms', 'relative', 'memory MB', 'compile ms'];
  console.log(formatTable(header, lines));
}
