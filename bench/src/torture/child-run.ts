import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What a run said, as far as the torture asks. */
export interface RunEvent {
  readonly type: string;
  readonly step?: number;
  readonly message?: string;
}

/** A pretraining program under way. */
export interface ChildRun {
  /** Kills it at once: no handler runs, nothing is flushed. */
  kill(): void;
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
}

/**
 * Starts the real program with `--json`.
 *
 * @param program path of its main file.
 * @param onEvent called with each line it prints.
 */
export function startChildRun(
  program: string,
  directory: string,
  args: readonly string[],
  onEvent: (event: RunEvent) => void,
): ChildRun {
  const child = spawn(process.execPath, [program, ...args, '--json'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => {
    const event = parseEvent(line);
    if (event !== undefined) onEvent(event);
  });
  return {
    kill: () => child.kill('SIGKILL'),
    ended: new Promise((resolve) => {
      child.once('close', (code) => resolve({ code, stderr }));
    }),
  };
}

/** Undefined for a last line that the kill cut off. */
function parseEvent(line: string): RunEvent | undefined {
  try {
    return JSON.parse(line) as RunEvent;
  } catch {
    return undefined;
  }
}
