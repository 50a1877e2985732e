import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run-tool.mjs';

/** Signals closer together than this are one press of Ctrl-C. */
const samePressMilliseconds = 250;

/**
 * Runs a built program in this process, as if `node <main> ...args` had been typed where the user stands: no process
 * in between, so terminal, signals, `kill -9` and exit code are the program's own.
 */
export async function runProgram(command, main, args) {
  const path = join(root, main);
  if (!existsSync(path)) {
    console.error(`The build left no ${main}.`);
    process.exit(1);
  }
  const standsIn = directoryOfUser(command);
  if (standsIn !== undefined) {
    process.chdir(standsIn);
  }
  process.env.PATCHBERT_PROGRAM ??= `npm run ${command} --`; // how the program names itself in advice
  process.argv = [process.execPath, path, ...args];
  deliverOncePerPress(['SIGINT', 'SIGTERM']);
  await import(pathToFileURL(path).href);
}

/** npm moves to the repository's root and keeps where it was called in INIT_CWD; relative paths are meant from there. */
function directoryOfUser(command) {
  const startedByNpm = process.env.npm_lifecycle_event === command && process.cwd() === root;
  const directory = process.env.INIT_CWD;
  return startedByNpm && directory !== undefined && existsSync(directory) ? directory : undefined;
}

/**
 * The terminal sends Ctrl-C to every process of the foreground, and npm then sends the same signal on to its script.
 * Programs take a second Ctrl-C for "stop at once", so the echo is dropped here.
 */
function deliverOncePerPress(signals) {
  const emit = process.emit;
  const last = new Map();
  process.emit = function (event, ...rest) {
    if (signals.includes(event)) {
      const now = performance.now();
      const echo = now - (last.get(event) ?? Number.NEGATIVE_INFINITY) < samePressMilliseconds;
      last.set(event, now);
      if (echo) {
        return true;
      }
    }
    return emit.call(this, event, ...rest);
  };
}
