/** The command `patchbert-node-gpu`. */
import process from 'node:process';
import { runCli } from './command/cli.ts';

const { stdout, stderr } = process;
// A reader that went away (`| head`) must not end work under way.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
process.exitCode = await runCli(process.argv.slice(2), { project: process.cwd(), stdout, stderr });
