#!/usr/bin/env node
import { tolerateClosedReaders } from '@patchbert/command-line';
import { runCli } from './cli.ts';

tolerateClosedReaders(process.stdout, process.stderr);
process.exitCode = await runCli(process.argv.slice(2), process);
