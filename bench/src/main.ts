import { presetNames } from '@patchbert/encoder';
import { Command, InvalidArgumentError, Option } from 'commander';
import { backendsBenchmark, measureInThisProcess } from './backends/backends-benchmark.ts';
import { classificationBenchmark } from './classification/classification-benchmark.ts';
import { published } from './classification/published.ts';
import { fitBenchmark } from './fit/fit-benchmark.ts';
import { forecastingBenchmark } from './forecasting/forecasting-benchmark.ts';
import { pretrainingGain } from './forecasting/pretraining-gain.ts';
import { largeCsvBenchmark, readLargeCsv } from './large-csv/large-csv-benchmark.ts';
import { memoryBenchmark } from './memory/memory-benchmark.ts';
import { variants } from './step/problem.ts';
import { stepBenchmark } from './step/step-benchmark.ts';
import { timeEngine } from './step/time-engine.ts';
import { tortureCommand } from './torture/torture-command.ts';

const count = (value: string): number => {
  const parsed = Number(value);
  if (!Number.isInteger(parsed) || parsed < 0) throw new InvalidArgumentError('expected a whole number');
  return parsed;
};

const program = new Command('bench').description(
  'Benchmarks of PatchBERT; results are recorded in docs/benchmarks.md',
);

program
  .command('step')
  .description(
    'one training step: ONNX Runtime, tfjs engines and, when Python has them, PyTorch, JAX and TensorFlow',
  )
  .option('--rounds <count>', 'alternating rounds', count, 5)
  .option('--steps <count>', 'timed steps of a round', count, 20)
  .option('--python <path>', 'Python with the packages of bench/peers/README.md', 'python3')
  .option('--only <words>', 'only engines whose name contains this')
  .option('--json <file>', 'write the table as JSON too')
  .action(stepBenchmark);

program
  .command('fit')
  .description('series per second through fit, with batches made on the fly, against the bare step')
  .addOption(new Option('--preset <name>', 'model').choices(presetNames).default('small'))
  .option('--steps <count>', 'steps of a round', count, 100)
  .option('--rounds <count>', 'alternating rounds', count, 5)
  .action(({ preset, steps, rounds }) => fitBenchmark(preset, steps, rounds));

program
  .command('memory')
  .description('tensors and resident memory over many steps of fit')
  .option('--engine <name>', 'backend', 'onnx-cpu')
  .option('--steps <count>', 'steps', count, 1000)
  .addOption(new Option('--preset <name>', 'model').choices(presetNames).default('base'))
  .option('--series <count>', 'series of a step', count, 64)
  .action(({ engine, steps, preset, series }) => memoryBenchmark(engine, steps, { preset, series }));

program
  .command('large-csv')
  .description(
    'reads a CSV file of any size in a process of its own; fails when memory follows the text, not the values',
  )
  .option('--megabytes <count>', 'size of the file', count, 1000)
  .option('--rows <count>', 'rows, in place of a size', count)
  .option('--channels <count>', 'columns of values', count, 7)
  .option('--no-times', 'leave out the column of time stamps')
  .option('--heap <megabytes>', 'limit of the JavaScript heap of the reading process', count, 128)
  .action(largeCsvBenchmark);

program.command('read-large-csv', { hidden: true }).argument('<path>').action(readLargeCsv);

program
  .command('forecasting')
  .description('the default recipe on a standard data set, seed after seed, every test window')
  .option('--data <name>', 'data set', 'ETTh1')
  .option('--data-dir <folder>', 'folder with data sets known by name')
  .option('--seeds <count>', 'seeds 0, 1, ...', count, 3)
  .action(forecastingBenchmark);

program
  .command('pretraining-gain')
  .description('the network alone, pretrained against not, on all and on 5 % of the training windows')
  .option('--data <name>', 'data set', 'ETTm1')
  .option('--data-dir <folder>', 'folder with data sets known by name')
  .option('--horizon <rows>', 'rows to predict', count, 96)
  .option('--steps <count>', 'gradient steps', count, 1000)
  .option('--seed <number>', 'seed', count, 0)
  .action(pretrainingGain);

program
  .command('classification')
  .description('the default recipe of classification on the test series of standard sets')
  .option('--sets <names>', 'data sets, comma-separated', Object.keys(published).join(','))
  .option('--data-dir <folder>', 'folder with data sets known by name')
  .option('--labels-per-class <count>', 'labels that may be read', count)
  .option('--seeds <count>', 'networks of the ensemble; with few labels, draws of labels', count, 3)
  .option('--threads <count>', 'threads', count, 1)
  .option('--config <file>', 'JSON of settings that differ from the recipe')
  .option('--no-control', 'leave out the same networks without pretraining')
  .action(classificationBenchmark);

program
  .command('backends')
  .description(
    'what every backend does on this machine: errors against float64, time of a step; docs/backends.md',
  )
  .option('--json <file>', 'write what this machine measured')
  .option('--with <files...>', 'measurements of other machines and of pages, shown beside these', [])
  .option('--document <file>', 'replace the table of this document')
  .option('--only <words>', 'only backends whose name contains this')
  .option('--no-measure', 'only write what --with names')
  .action(backendsBenchmark);

program
  .command('backends-in-page')
  .description(
    'the same of the backends that run in a page, in headless Chromium; its file is for backends --with',
  )
  .requiredOption('--json <file>', 'where the measurements go')
  .option('--browser <path>', 'Chromium or Chrome', '/usr/bin/chromium')
  .addOption(
    new Option('--graphics <kind>', 'a graphics card in software, or that of the machine')
      .choices(['software', 'hardware'])
      .default('software'),
  )
  .option('--only <words>', 'only backends whose name contains this')
  .action(async (options) => {
    // Loads a bundler and a browser driver, which the other benchmarks do without.
    const { measureInPage } = await import('./backends/page/measure-in-page.ts');
    await measureInPage(options);
  });

program
  .command('torture')
  .description(
    'kills a pretraining run again and again and resumes it; fails when anything is lost; docs/reliability.md',
  )
  .option('--kills <count>', 'kills in all', count, 200)
  .option('--seed <number>', 'decides when', count, 0)
  .action(tortureCommand);

program.command('measure-backend', { hidden: true }).argument('<name>').action(measureInThisProcess);

program
  .command('time-engine', { hidden: true })
  .argument('<engine>')
  .addArgument(program.createArgument('<variant>').choices(variants))
  .requiredOption('--threads <count>', '', count)
  .requiredOption('--steps <count>', '', count)
  .requiredOption('--warm-up <count>', '', count)
  .action(async (engine, variant, { threads, steps, warmUp }) => {
    console.log(JSON.stringify(await timeEngine(engine, variant, threads, steps, warmUp)));
  });

await program.parseAsync();
