import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors, toFloat32, toInt32 } from '@patchbert/safetensors';
import * as onnx from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, csv, folderWith, run } from './support/program.ts';

const rows = 400;
const value = (row: number, column: number) =>
  row % 97 === 5 ? Number.NaN : 10 * column + Math.sin((2 * Math.PI * row) / (12 + 4 * column));
const settings = {
  contextLength: 32,
  pretraining: {
    patchLength: 8,
    model: { preset: 'tiny', width: 8, layers: 1, heads: 2, feedForwardWidth: 16 },
    batchSize: 8,
    steps: 4,
    validationSeries: 8,
    galleryWindows: 1,
  },
};
const files = {
  'load.csv': csv(['load', 'heat'], rows, (row, column) => {
    const one = value(row, column);
    return Number.isNaN(one) ? '' : one.toFixed(5);
  }),
  'run.json': JSON.stringify(settings),
};

let folder = '';
beforeAll(async () => {
  buildProgram();
  folder = folderWith(files);
  const fit = ['forecast', '--config', 'run.json', '--data', 'load.csv', '--horizon', '4,8'];
  expect((await run(folder, [...fit, '--output', 'first', '--quiet'])).stderr).toBe('');
}, 120_000);

describe('patchbert-finetune export', () => {
  it('writes a model that predicts from the measured values what the program predicts, and says what it reads', async () => {
    const exported = await run(folder, ['export', '--model', 'first', '--quantiles', '.1,.9']);
    expect(exported.stderr).toBe('');
    expect(exported.code).toBe(0);
    expect(exported.stdout).toMatch(/^first\.onnx: \d+\.\d MB, ONNX opset 18$/m);
    expect(exported.stdout).toContain('in   values  float32 [batch, 32, 2]');
    expect(exported.stdout).toContain('out  forecast  float32 [batch, 8, 2]');
    expect(exported.stdout).toContain('out  quantiles  float32 [batch, 8, 2, 2]');
    expect(exported.stdout).toContain('patchbert.channels');

    const predicted = await run(folder, [
      ...['predict', '--model', 'first', '--data', 'load.csv', '--format', 'json', '--quiet'],
      ...['--quantiles', '.1,.9'],
    ]);
    const { forecasts } = JSON.parse(predicted.stdout) as {
      forecasts: { channels: { mean: number[]; quantiles: { values: number[] }[] }[] }[];
    };
    const session = await onnx.InferenceSession.create(join(folder, 'first.onnx'));
    const context = Array.from({ length: 32 }, (_, i) => [0, 1].map((c) => value(rows - 32 + i, c))).flat();
    const { forecast, quantiles } = await session.run({
      values: new onnx.Tensor('float32', Float32Array.from(context), [1, 32, 2]),
    });
    forecasts[0]!.channels.forEach(({ mean, quantiles: own }, c) => {
      mean.forEach((expected, h) => {
        expect((forecast!.data as Float32Array)[2 * h + c]).toBeCloseTo(expected, 3);
        expect((quantiles!.data as Float32Array)[2 * (2 * h + c)]).toBeCloseTo(own[0]!.values[h]!, 3);
      });
    });
  });

  it('takes a horizon and a name, tells scripts what it wrote, and writes over nothing', async () => {
    const args = ['export', '--model', 'first', '--horizon', '3', '--output', 'short.onnx', '--json'];
    const exported = await run(folder, args);
    const told = JSON.parse(exported.stdout) as {
      path: string;
      bytes: number;
      outputs: { shape: unknown[] }[];
    };
    expect(told).toMatchObject({ type: 'result', path: 'short.onnx' });
    expect(told.outputs[0]!.shape).toEqual(['batch', 4, 2]);
    expect(readFileSync(join(folder, 'short.onnx')).length).toBe(told.bytes);

    const before = readFileSync(join(folder, 'short.onnx'));
    const again = await run(folder, args);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/^error: "short\.onnx" is there already[^\n]*\n$/);
    expect(readFileSync(join(folder, 'short.onnx'))).toEqual(before);
  });

  it('writes an encoder alone: of a pretraining run, or of a forecaster', async () => {
    const ofRun = await run(folder, ['export', '--model', 'first-pretraining', '--pooling', 'max']);
    expect(ofRun.stdout).toMatch(/^first-pretraining\.onnx: /);
    expect(ofRun.stdout).toContain('in   values  float32 [batch, 32]');
    expect(ofRun.stdout).toContain('out  patches  float32 [batch, 4, 8]');
    expect(ofRun.stdout).toContain('out  vectors  float32 [batch, 8]');
    const args = ['export', '--model', 'first', '--what', 'encoder', '--output', 'encoder.onnx'];
    expect((await run(folder, args)).stdout).toContain('out  vectors  float32 [batch, 8]');
  });

  it('writes the training step of a run, and every input of its next step', async () => {
    const args = [
      'export',
      '--model',
      'first-pretraining',
      '--what',
      'training-step',
      '--output',
      'step.onnx',
    ];
    const exported = await run(folder, args);
    expect(exported.stderr).toBe('');
    expect(exported.stdout).toContain('step.onnx: ');
    const { tensors } = readSafetensors(readFileSync(join(folder, 'step.safetensors')));
    const feeds = Object.fromEntries(
      [...tensors].map(([name, tensor]) => {
        const isWhole = tensor.dtype === 'I32';
        const data = isWhole ? toInt32(tensor) : toFloat32(tensor);
        return [name, new onnx.Tensor(isWhole ? 'int32' : 'float32', data, [...tensor.shape])];
      }),
    );
    const session = await onnx.InferenceSession.create(join(folder, 'step.onnx'));
    const outputs = await session.run(feeds);
    expect((outputs['output:loss']!.data as Float32Array)[0]).toBeGreaterThan(0);
    expect(Object.keys(outputs)).toContain('next:encoder.embedding.weight');
  });

  it.each([
    [['--model', 'first', '--output', 'x.onnx', '--data', 'load.csv'], 1, /--data does not apply/],
    [['--model', 'first', '--output', 'x.onnx', '--pooling', 'max'], 1, /--pooling does not apply/],
    [['--model', 'nowhere'], 1, /nowhere/],
    [['--model', 'first', '--output', '-'], 1, /name a new file/],
    [['--model', 'first'], 1, /"first.onnx" is there already/],
    [['--model', 'first', '--output', 'x.onnx', '--horizon', '9'], 1, /from 1 to 8/],
    [['--model', 'first', '--output', 'x.onnx', '--quantiles', '1.5'], 2, /--quantiles/],
    [['--model', 'first', '--output', 'no/such/place.onnx'], 1, /folder does not exist/],
    [[], 2, /--model is missing/],
  ] as const)('%j is refused in one line, and nothing is left behind', async (args, code, says) => {
    const before = readdirSync(folder);
    const refused = await run(folder, ['export', ...args]);
    expect(refused.code).toBe(code);
    expect(refused.stderr).toMatch(/^error: [^\n]*\n$/);
    expect(refused.stderr).toMatch(says);
    expect(readdirSync(folder)).toEqual(before);
  });
});
