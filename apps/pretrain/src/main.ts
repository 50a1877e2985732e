#!/usr/bin/env node
import { runCli } from './cli.ts';

// A reader that went away (`| head`) must not end a run that is training.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runCli(process.argv.slice(2), process);
