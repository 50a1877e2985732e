import { basename, join, resolve } from 'node:path';
import { defined, usageError } from '@patchbert/command-line';
import { writeSafetensors } from '@patchbert/safetensors';
import { exportPretrainingStep, type PretrainData, readPretrainedRows } from '@patchbert/train';
import type { ExportFlags } from '../flags/model-flags.ts';
import { filePlace } from '../output/write-output.ts';
import { refuseFlags } from '../series/model-kind.ts';
import { openSource } from '../source/open-source.ts';
import { readFittedData } from './run-config.ts';
import type { Session } from './session.ts';

/**
 * `patchbert-finetune export --what training-step`: the step of a pretraining run as an ONNX file, and beside it every input of its next
 * step: the state of the newest checkpoint and a batch.
 */
export async function exportRunStep(run: string, flags: ExportFlags, session: Session): Promise<void> {
  refuseFlags(flags, ['horizon', 'quantiles', 'pooling'], 'a training step is exported as it is');
  const name = flags.output ?? `${basename(resolve(run))}.onnx`;
  const place = await filePlace(name);
  const inputs = await filePlace(`${name.replace(/\.onnx$/, '')}.safetensors`);
  const data = await dataOf(run, flags);
  const { file, feeds, outputs, metadata, step } = await exportPretrainingStep(run, data);
  await place.write(file);
  await inputs.write(writeSafetensors(Object.entries(feeds), { step: `${step}` }));
  const count = (names: readonly string[], group: string) =>
    names.filter((one) => one.startsWith(`${group}:`)).length;
  const given = Object.keys(feeds);
  const returned = outputs.map((output) => output.name);
  const rate = feeds['batch:optimiser.learningRate']?.data[0];
  session.finish(
    [
      `${place.path}: ${(file.length / 1e6).toFixed(1)} MB, ONNX opset 18, step ${step} of the run`,
      `  in   ${count(given, 'state')} tensors "state:<name>", ${count(given, 'batch')} "batch:<name>"`,
      `  out  ${count(returned, 'next')} tensors "next:<name>", ${returned.filter((one) => one.startsWith('output:')).join(', ')}`,
      `${inputs.path}: every input of that step by its name`,
      ...(rate === 0
        ? ['  the schedule of the run ends before it: give "batch:optimiser.learningRate" a value']
        : []),
      '',
    ].join('\n'),
    { path: place.path, bytes: file.length, feeds: inputs.path, step, outputs, metadata },
  );
}

/** The data of a run, read and split as it read and split them; a checkpoint lies two folders below its run. */
async function dataOf(given: string, { data, dataDir, idColumn }: ExportFlags): Promise<PretrainData> {
  const isRun = (await readFittedData(given)) !== undefined;
  const run = isRun ? given : join(given, '..', '..');
  const known = await readFittedData(run);
  const source = data ?? known?.source;
  if (source === undefined) throw usageError('--data is missing: name the data that the run was trained on.');
  const { split: _split, ...reading } = known ?? {};
  const request = { ...reading, source, ...defined({ idColumn }) };
  const trained = await readPretrainedRows(run);
  // Pretraining reads rows as they stand; one that forecast began had gaps in time filled in.
  const asTheyStand = await openSource({ regularTimes: false, ...request }, dataDir);
  const isSame = trained === undefined || asTheyStand.frame.length === trained.rows;
  const opened = isSame ? asTheyStand : await openSource(request, dataDir);
  return { ...opened, ...(trained && { splits: trained.splits }) };
}
