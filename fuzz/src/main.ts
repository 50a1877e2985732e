import { Command, InvalidArgumentError } from 'commander';
import { type FuzzOptions, type FuzzOutcome, runTarget } from './run-target.ts';
import { fuzzTargets } from './targets/targets.ts';

const wholeNumber = (value: string): number => {
  const parsed = Number(value);
  if (!Number.isSafeInteger(parsed)) throw new InvalidArgumentError('expected a whole number');
  return parsed;
};

const program = new Command('fuzz')
  .description('Gives everything that reads files of strangers many bad ones; see fuzz/README.md')
  .option('--seed <number>', 'the same seed and count give the same inputs', wholeNumber, 0)
  .option('--count <number>', 'inputs for each target', wholeNumber, 20_000)
  .option('--only <words>', 'only targets whose name contains this')
  .action(fuzz);

async function fuzz({ only, ...options }: FuzzOptions & { readonly only?: string }): Promise<void> {
  const chosen = fuzzTargets.filter(({ name }) => only === undefined || name.includes(only));
  if (chosen.length === 0) {
    console.error(`No target has ${only} in its name: ${fuzzTargets.map(({ name }) => name).join(', ')}.`);
    process.exitCode = 2;
    return;
  }
  console.log(`seed ${options.seed}, ${options.count} inputs for each of ${chosen.length} targets`);
  for (const target of chosen) {
    const outcome = await runTarget(target, options);
    console.log(lineOf(target.name, outcome));
    if (outcome.failure === undefined) continue;
    const { reason, input } = outcome.failure;
    console.error(`  ${reason}`);
    console.error(`  input as text: ${JSON.stringify(new TextDecoder().decode(input))}`);
    console.error(`  as base64: ${Buffer.from(input).toString('base64')}`);
    console.error(
      `  again: npm run fuzz -- --only "${target.name}" --seed ${options.seed} --count ${options.count}`,
    );
    process.exitCode = 1;
  }
}

function lineOf(name: string, { read, refused, slowestMilliseconds, failure }: FuzzOutcome): string {
  const counts = `${String(read).padStart(8)} read ${String(refused).padStart(8)} refused`;
  const slowest = `${slowestMilliseconds.toFixed(0).padStart(6)} ms slowest`;
  return `${failure === undefined ? '✓' : '✗'} ${name.padEnd(20)} ${counts} ${slowest}`;
}

await program.parseAsync();
