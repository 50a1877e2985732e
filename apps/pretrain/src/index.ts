export { runCli, type Streams } from './cli.ts';
