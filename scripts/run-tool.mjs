import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Neither this repository nor a tool it calls reports use to anyone. */
const quietTools = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };

/**
 * Runs a program at the repository's root and waits for it. An interrupt reaches the program, is waited out, and ends
 * this process too.
 *
 * @param {string} command a program on PATH, or the name of an installed tool with `local: true`
 * @param {readonly string[]} args
 * @param {{ local?: boolean, capture?: boolean, output?: import('node:child_process').StdioOptions }} [options]
 * `capture` collects stdout and stderr in place of showing them
 * @returns {Promise<{ code: number, output: string }>}
 */
export function runTool(command, args, options = {}) {
  const onWindows = process.platform === 'win32';
  const program = options.local === true ? join(root, 'node_modules', '.bin', command) : command;
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, ...quietTools },
    shell: onWindows,
    stdio: options.capture === true ? ['ignore', 'pipe', 'pipe'] : (options.output ?? 'inherit'),
  });
  const chunks = [];
  child.stdout?.on('data', (chunk) => chunks.push(chunk));
  child.stderr?.on('data', (chunk) => chunks.push(chunk));

  return new Promise((resolve, reject) => {
    let interrupted;
    const passOn = (signal) => {
      interrupted = signal;
      child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM'];
    for (const signal of signals) {
      process.on(signal, passOn);
    }
    const stopListening = () => {
      for (const signal of signals) {
        process.off(signal, passOn);
      }
    };
    child.once('error', (error) => {
      stopListening();
      reject(error);
    });
    child.once('close', (code, signal) => {
      stopListening();
      if (interrupted !== undefined) {
        process.exit(128 + constants.signals[interrupted]);
      }
      resolve({
        code: code ?? 128 + constants.signals[signal],
        output: Buffer.concat(chunks).toString(),
      });
    });
  });
}
