import { access } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { exportClassifier } from '@patchbert/classify';
import { defined } from '@patchbert/command-line';
import { exportEncoder, loadEncoder } from '@patchbert/embed';
import { exportForecaster } from '@patchbert/forecast';
import type { ExportedModel, ModelTensor } from '@patchbert/onnx';
import { required } from '../commands/required.ts';
import type { ExportFlags } from '../flags/model-flags.ts';
import { filePlace } from '../output/write-output.ts';
import { isSeriesModel, refuseFlags } from '../series/model-kind.ts';
import { exportRunStep } from './run-export-step.ts';
import type { Session } from './session.ts';

/** `patchbert-finetune export`: a model, or its encoder, as one ONNX file that reads raw values. */
export async function runExport(flags: ExportFlags, session: Session): Promise<void> {
  const model = required(
    flags,
    'model',
    'name the folder of a forecaster, classifier or regressor, or of a pretraining run or checkpoint',
  );
  if (flags.what === 'training-step') return exportRunStep(model, flags, session);
  refuseFlags(
    flags,
    ['data', 'dataDir', 'idColumn'],
    'only a training step is exported with data (--what training-step)',
  );
  const place = await filePlace(flags.output ?? `${basename(resolve(model))}.onnx`);
  const { file, inputs, outputs, metadata } = await exported(model, flags);
  await place.write(file);
  session.finish(
    [
      `${place.path}: ${(file.length / 1e6).toFixed(1)} MB, ONNX opset 18`,
      ...inputs.map((input) => `  in   ${describe(input)}`),
      ...outputs.map((output) => `  out  ${describe(output)}`),
      `  metadata  ${Object.keys(metadata).join(', ')}`,
      '',
    ].join('\n'),
    { path: place.path, bytes: file.length, inputs, outputs, metadata },
  );
}

async function exported(model: string, flags: ExportFlags): Promise<ExportedModel> {
  const { horizon, quantiles, pooling } = flags;
  const what = flags.what ?? ((await isFitted(model)) ? 'model' : 'encoder');
  if (what === 'encoder') {
    refuseFlags(flags, ['quantiles'], 'an encoder forecasts nothing');
    return exportEncoder(await loadEncoder(model, { horizon }), { pooling });
  }
  refuseFlags(flags, ['pooling'], 'a model is exported, not its encoder (--what encoder)');
  if (await isSeriesModel(model)) {
    refuseFlags(flags, ['horizon', 'quantiles'], `"${model}" predicts of whole series, not of rows to come`);
    return exportClassifier(model);
  }
  return exportForecaster(model, defined({ horizon, quantileLevels: quantiles }));
}

/** Whether there is a forecaster, classifier or regressor: anything else may hold an encoder. */
async function isFitted(folder: string): Promise<boolean> {
  if (await isSeriesModel(folder)) return true;
  return access(join(folder, 'forecaster.json')).then(
    () => true,
    () => false,
  );
}

function describe({ name, dtype, shape }: ModelTensor): string {
  return `${name}  ${dtype} [${shape.join(', ')}]`;
}
