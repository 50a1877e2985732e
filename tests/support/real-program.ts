import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the error stream holds the text. */
  says(text: string): Promise<void>;
}

/** A program of `apps/` as its users run it. */
export interface RealProgram {
  /** Brings the program up to date; quick when it is. */
  buildProgram(): void;
  /** Starts the real program in `directory`. */
  start(directory: string, args: readonly string[], environment?: Readonly<Record<string, string>>): Running;
  /** Runs the program to its end. */
  run(
    directory: string,
    args: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<Ended>;
}

export function realProgram(name: 'pretrain' | 'finetune'): RealProgram {
  const app = fileURLToPath(new URL(`../../apps/${name}`, import.meta.url));

  function buildProgram(): void {
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '-b', app], { stdio: 'inherit' });
  }

  function start(
    directory: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Running {
    const child = spawn(process.execPath, [join(app, 'dist/main.js'), ...args], {
      cwd: directory,
      env: { ...process.env, PATCHBERT_DATA_DIR: undefined, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    let onText = () => {};
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      onText();
    });
    const ended = new Promise<Ended>((resolve) =>
      child.once('close', (code) => {
        resolve({ code, stdout, stderr });
      }),
    );
    return {
      ended,
      kill: (signal) => child.kill(signal),
      says: (text) =>
        Promise.race([
          new Promise<void>((resolve) => {
            onText = () => {
              if (stderr.includes(text)) resolve();
            };
            onText();
          }),
          ended.then(({ code }) => {
            if (!stderr.includes(text))
              throw new Error(`ended with ${code} before it said "${text}":\n${stderr}`);
          }),
        ]),
    };
  }

  function run(
    directory: string,
    args: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<Ended> {
    return start(directory, args, environment).ended;
  }

  return { buildProgram, start, run };
}

/** A new folder with the given files. */
export function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbert-program-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Hourly rows of the named columns: sines of different lengths, or what `value` says. */
export function csv(columns: readonly string[], rows: number, value = wave): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const time = new Date(Date.UTC(2020, 0, 1, row)).toISOString();
    return [time, ...columns.map((_, column) => value(row, column))].join(',');
  });
  return `${['date', ...columns].join(',')}\n${lines.join('\n')}\n`;
}

function wave(row: number, column: number): string {
  return (10 * column + Math.sin((2 * Math.PI * row) / (12 + 5 * column))).toFixed(5);
}
