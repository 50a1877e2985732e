import { addBackendsCommand, type BackendsFlags, usageError } from '@patchbert/command-line';
import { didYouMean } from '@patchbert/errors';
import { Command } from 'commander';
import { addEmbedFlags, type EmbedFlags } from '../flags/embed-flags.ts';
import { addForecastFlags, type ForecastFlags } from '../flags/forecast-flags.ts';
import {
  addBacktestFlags,
  addEvaluateFlags,
  addExportFlags,
  addInspectFlags,
  addPredictFlags,
  type BacktestFlags,
  type EvaluateFlags,
  type ExportFlags,
  type InspectFlags,
  type PredictFlags,
} from '../flags/model-flags.ts';
import { addClassifyFlags, addRegressFlags, type SeriesModelFlags } from '../flags/series-model-flags.ts';

/** What the command line asks for. */
export interface Actions {
  forecast(flags: ForecastFlags): Promise<void>;
  classify(flags: SeriesModelFlags): Promise<void>;
  regress(flags: SeriesModelFlags): Promise<void>;
  predict(flags: PredictFlags): Promise<void>;
  evaluate(flags: EvaluateFlags): Promise<void>;
  embed(flags: EmbedFlags): Promise<void>;
  backtest(flags: BacktestFlags): Promise<void>;
  export(flags: ExportFlags): Promise<void>;
  inspect(flags: InspectFlags): Promise<void>;
  backends(named: readonly string[], flags: BackendsFlags): Promise<void>;
}

/** The command line, with strict flags: an unknown or malformed one is an error. Without a command it forecasts. */
export function createCommand(version: string, actions: Actions): Command {
  const program = new Command('patchbert-finetune')
    .description(
      'Turn a pretrained PatchBERT encoder into a forecaster, classifier or regressor, compare it with baselines, and use it.',
    )
    .usage('[command] [options]')
    .version(version, '--version')
    .helpOption('-h, --help')
    .helpCommand(false)
    .argument('[command]')
    .allowExcessArguments(true)
    .action(async (word: string | undefined) => {
      if (word !== undefined) throw noCommand(word, program);
      await forecast.parseAsync([], { from: 'user' });
    });
  const add = (name: string, description: string, addFlags: (command: Command) => Command) =>
    addFlags(
      program.command(name).description(description).helpOption('-h, --help').argument('[unexpected]'),
    );
  const strict =
    <Flags>(action: (flags: Flags) => Promise<void>) =>
    (unexpected: string | undefined, flags: Flags) => {
      if (unexpected !== undefined) throw unexpectedWord(unexpected);
      return action(flags);
    };
  const forecast = add(
    'forecast',
    'fit a forecaster, score it beside baselines, keep it in a folder (the default)',
    addForecastFlags,
  );
  forecast.addHelpText('after', forecastExamples).action(strict(actions.forecast));
  add(
    'classify',
    'fit a classifier of whole series, score it beside baselines, keep it in a folder',
    addClassifyFlags,
  )
    .addHelpText('after', classifyExamples)
    .action(strict(actions.classify));
  add('regress', 'the same for a number per series', addRegressFlags)
    .addHelpText('after', regressExamples)
    .action(strict(actions.regress));
  add('predict', 'what comes after the data, or the class or value of each series', addPredictFlags)
    .addHelpText('after', predictExamples)
    .action(strict(actions.predict));
  add('evaluate', 'score a model on data', addEvaluateFlags).action(strict(actions.evaluate));
  add('embed', 'vectors of windows of long recordings, or of whole series', addEmbedFlags)
    .addHelpText('after', embedExamples)
    .action(strict(actions.embed));
  add('backtest', 'forecast again and again through the test rows', addBacktestFlags).action(
    strict(actions.backtest),
  );
  add('export', 'a model as one ONNX file, for Python, pages and other languages', addExportFlags)
    .addHelpText('after', exportExamples)
    .action(strict(actions.export));
  add('inspect', 'what a model was fitted on, in words', addInspectFlags).action(strict(actions.inspect));
  return addBackendsCommand(program, actions.backends).addHelpText('after', programExamples);
}

function noCommand(word: string, program: Command): Error {
  const known = program.commands.map((command) => command.name());
  const hint = didYouMean(word, known) || ` Known: ${known.join(', ')}.`;
  return usageError(`there is no command "${word}".${hint}`);
}

function unexpectedWord(word: string): Error {
  return usageError(
    `unexpected argument "${word}". A data set or file goes behind --data, a model behind --model; all else has a flag.`,
  );
}

const programExamples = `
Examples:
  $ patchbert-finetune                                         bundled data, the newest run on it or a new one
  $ patchbert-finetune forecast --data load.csv --horizon 24
  $ patchbert-finetune classify --train ECG_TRAIN.ts --test ECG_TEST.ts
  $ patchbert-finetune predict --model runs/load-forecast-20260302-140501 --data load.csv
  $ patchbert-finetune inspect --model runs/load-forecast-20260302-140501

"patchbert-finetune <command> --help" lists the flags of a command.

Exit codes: 0 done, 1 failed, 2 bad command line, 3 training diverged, 130 interrupted.`;

const forecastExamples = `
Examples:
  $ patchbert-finetune forecast --data load.csv --horizon 24,168 --target load
  $ patchbert-finetune forecast --data ETTh1 --data-dir ~/data --horizon 96,192,336,720
  $ patchbert-finetune forecast --checkpoint runs/load-20260302-140501 --adapt fine-tune --steps 1000
  $ patchbert-finetune forecast --data load.csv --covariates price --calendar --audit`;

const classifyExamples = `
Examples:
  $ patchbert-finetune classify                                 bundled data
  $ patchbert-finetune classify --train ECG_TRAIN.ts --test ECG_TEST.ts --labels-per-class 5
  $ patchbert-finetune classify --data machines.csv --id-column machine --label-column state --cross-validate 5
  $ patchbert-finetune classify --data GunPoint --data-dir ~/data --checkpoint runs/all-20260302-140501`;

const regressExamples = `
Examples:
  $ patchbert-finetune regress --train rooms_TRAIN.ts --test rooms_TEST.ts
  $ patchbert-finetune regress --data rooms.csv --id-column room --target-column people --adapt ridge`;

const predictExamples = `
Examples:
  $ patchbert-finetune predict --model runs/ECG-classify-20260302-140501 --data new.ts > classes.csv
  $ patchbert-finetune predict --model runs/load-forecast-20260302-140501 --data load.csv > next.csv
  $ patchbert-finetune predict --model forecaster --data load.csv --quantiles .1,.5,.9 --format json`;

const exportExamples = `
Examples:
  $ patchbert-finetune export --model runs/load-forecast-20260302-140501 --output load.onnx
  $ patchbert-finetune export --model forecaster --horizon 24 --quantiles .1,.5,.9
  $ patchbert-finetune export --model runs/ECG-classify-20260302-140501`;

const embedExamples = `
Examples:
  $ patchbert-finetune embed --model runs/load-20260302-140501 --data load.csv --output vectors.parquet
  $ patchbert-finetune embed --model forecaster --data stores.csv --id-column store --level window --across-channels concatenate
  $ patchbert-finetune embed --model runs/load-20260302-140501 --data load.csv --level patch --stride 24 --output patches.safetensors
  $ patchbert-finetune embed --model runs/ECG-classify-20260302-140501 --data new.ts > vectors.csv`;
