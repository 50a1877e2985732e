import {
  createPreset,
  encoderParameterSpecs,
  headParameterSpecs,
  initialiseMaskedAutoencoder,
} from '@patchbert/encoder';
import { float32Tensor, type HostTensors } from '@patchbert/ops';
import { randomKey } from '@patchbert/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transferEncoder } from '../src/index.ts';
import { tinyHead } from './support/tiny-forecaster.ts';

/** A masked autoencoder whose reconstruction head has the shape of the forecast head below. */
const pretrained = createPreset('tiny', {
  patchLength: 3,
  patchCount: 5,
  width: 8,
  layers: 2,
  heads: 2,
  feedForwardWidth: 8,
  corruption: 'token',
});
const source = initialiseMaskedAutoencoder(pretrained, randomKey(0));
const head = tinyHead({ kind: 'pooled' });
const targetOf = (overrides: object = {}) => {
  const encoder = { ...pretrained.encoder, ...overrides };
  return { ...encoderParameterSpecs(encoder), ...headParameterSpecs(head, encoder) };
};

describe('transferEncoder', () => {
  it('takes the encoder, leaves the rest, and says so of every name', () => {
    const target = targetOf();
    const { parameters, report } = transferEncoder(target, source);
    const encoderNames = Object.keys(encoderParameterSpecs(pretrained.encoder));
    expect(Object.keys(parameters)).toEqual(encoderNames);
    for (const [name, tensor] of Object.entries(parameters)) expect(tensor).toEqual(source[name]);
    expect(report.loaded).toEqual(encoderNames);
    expect(report.resized).toEqual([]);
    expect(report.initialised).toEqual(['head.weight', 'head.bias']);
    expect(report.unused).toEqual(['encoder.maskToken', 'head.weight', 'head.bias']);
  });

  it('never takes a head, even one whose shape fits', () => {
    expect(source['head.weight']!.shape).toEqual(targetOf()['head.weight']!.shape);
    expect(transferEncoder(targetOf(), source).parameters).not.toHaveProperty(['head.weight']);
  });

  it('gives copies', () => {
    const { parameters } = transferEncoder(targetOf(), source);
    const before = source['encoder.position']!.data[0];
    parameters['encoder.position']!.data[0] = 99;
    expect(source['encoder.position']!.data[0]).toBe(before);
  });
});

describe('what does not fit is refused, every tensor by name', () => {
  it.each([
    [
      'another width',
      { feedForwardWidth: 12 },
      /layers\.0\.feedForward\.expand\.weight: \[8, 8\], expected \[12, 8\].*layers\.1/,
    ],
    ['a layer more', { layers: 3 }, /layers\.2\.attention\.query\.weight: nothing, expected \[8, 8\]/],
    ['a layer fewer', { layers: 1 }, /layers\.1\.attention\.query\.weight: \[8, 8\], expected nothing/],
    ['no final norm', { normPlacement: 'post' }, /norm\.scale: \[8\], expected nothing/],
    [
      'another patch length',
      { patchLength: 4 },
      /embedding\.weight: \[8, 3\], expected \[8, 4\].*configuration that is saved/,
    ],
  ])('%s', (_, overrides, message) => {
    expect(() => transferEncoder(targetOf(overrides), source)).toThrow(message);
    expect(() => transferEncoder(targetOf(overrides), source, { resizePositions: true })).toThrow(message);
  });

  it('another number of patches, with the way out', () => {
    expect(() => transferEncoder(targetOf({ patchCount: 9 }), source)).toThrow(
      expect.objectContaining({
        code: 'train/transfer-mismatch',
        message: expect.stringMatching(/pretrained on 5 patches and is to see 9.*resizePositions: true/),
      }),
    );
  });

  it.each([
    ['nothing', {}, /no tensors at all/],
    ['a head alone', { 'head.weight': source['head.weight']! }, /holds head\.weight/],
    [
      'other names',
      { 'model.encoder.embedding.weight': source['encoder.embedding.weight']! },
      /nothing of the encoder/,
    ],
  ] as [string, HostTensors, RegExp][])('a source of %s', (_, tensors, message) => {
    expect(() => transferEncoder(targetOf(), tensors)).toThrow(
      expect.objectContaining({ code: 'train/nothing-loaded', message: expect.stringMatching(message) }),
    );
  });

  it('weights that are not numbers', () => {
    const broken = { ...source, 'encoder.norm.scale': float32Tensor(new Float32Array(8).fill(Number.NaN)) };
    expect(() => transferEncoder(targetOf(), broken)).toThrow(/"encoder\.norm\.scale" holds NaN/);
  });
});

describe('resizePositions', () => {
  const resized = (rows: number, tensors = source) =>
    transferEncoder(targetOf({ patchCount: rows }), tensors, { resizePositions: true });

  it('reports what it resized', () => {
    const { report } = resized(9);
    expect(report.resized).toEqual(['encoder.position']);
    expect(report.loaded).not.toContain('encoder.position');
    expect(resized(5).report.resized).toEqual([]);
  });

  it('keeps the ends and draws straight lines, whatever the number of rows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), (rows) => {
        // Positions on a line stay on it.
        const line = Float32Array.from({ length: 40 }, (_, i) => 2 * Math.floor(i / 8) + (i % 8));
        const tensors = { ...source, 'encoder.position': float32Tensor(line, [5, 8]) };
        const { data, shape } = resized(rows, tensors).parameters['encoder.position']!;
        expect(shape).toEqual([rows, 8]);
        data.forEach((value, i) => {
          expect(value).toBeCloseTo((2 * Math.floor(i / 8) * 4) / (rows - 1) + (i % 8), 4);
        });
      }),
      { seed: 61 },
    );
  });

  it('leaves the newest for a single patch', () => {
    const { data } = resized(1).parameters['encoder.position']!;
    expect(data).toEqual(source['encoder.position']!.data.slice(-8));
  });
});
