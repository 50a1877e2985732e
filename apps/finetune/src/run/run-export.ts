import { basename, resolve } from 'node:path';
import { exportClassifier } from '@patchbert/classify';
import { defined } from '@patchbert/command-line';
import { exportForecaster } from '@patchbert/forecast';
import type { ExportedModel, ModelTensor } from '@patchbert/onnx';
import { required } from '../commands/required.ts';
import type { ExportFlags } from '../flags/model-flags.ts';
import { filePlace } from '../output/write-output.ts';
import { isSeriesModel, refuseFlags } from '../series/model-kind.ts';
import type { Session } from './session.ts';
import { modelAdvice } from './with-forecaster.ts';

/** `patchbert-finetune export`: a model as one ONNX file, from raw values to predictions. */
export async function runExport(flags: ExportFlags, session: Session): Promise<void> {
  const model = required(flags, 'model', modelAdvice);
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
  if (await isSeriesModel(model)) {
    refuseFlags(flags, ['horizon', 'quantiles'], `"${model}" predicts of whole series, not of rows to come`);
    return exportClassifier(model);
  }
  return exportForecaster(model, defined({ horizon: flags.horizon, quantileLevels: flags.quantiles }));
}

function describe({ name, dtype, shape }: ModelTensor): string {
  return `${name}  ${dtype} [${shape.join(', ')}]`;
}
