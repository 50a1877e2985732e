import { runTool } from './run-tool.mjs';

/** A build that has nothing to do ends before this and stays silent. */
const silentMilliseconds = 2500;

/** Brings `dist` of a project and all it references up to date; ends the process with the compiler's errors if it cannot. */
export async function build(project) {
  const notice = setTimeout(() => console.error('Building ...'), silentMilliseconds);
  const { code, output } = await runTool('tsc', ['-b', project], { local: true, capture: true });
  clearTimeout(notice);
  if (code !== 0) {
    console.error(`${output}The build failed.`);
    process.exit(1);
  }
}
