import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors } from '@patchbert/safetensors';
import { describe, expect, it } from 'vitest';
import { exportPatchTST, importPatchTST, type PatchTSTConfigInput } from '../src/index.ts';
import { goldenModel, goldenModelNames } from './support/golden-models.ts';
import { temporaryFolder, theirTensors, writeJson, writeTensors } from './support/model-folder.ts';
import { smallModel } from './support/small-models.ts';

const folder = temporaryFolder();

describe.each(goldenModelNames())('%s', (name) => {
  it('is the same bytes after import and export', async () => {
    const golden = goldenModel(name);
    const from = join(folder, name);
    const to = join(folder, `${name}-exported`);
    mkdirSync(from);
    copyFileSync(join(golden.folder, 'config.json'), join(from, 'config.json'));
    copyFileSync(join(golden.folder, 'weights.safetensors'), join(from, 'model.safetensors'));
    const model = await importPatchTST(from);
    expect(model.warnings).toEqual([]);
    await exportPatchTST(model, to);

    const { tensors, metadata } = readSafetensors(readFileSync(join(to, 'model.safetensors')));
    expect(metadata.get('format')).toBe('pt');
    expect([...tensors.keys()].sort()).toEqual([...golden.weights.keys()].sort());
    for (const [theirs, { dtype, shape, bytes }] of golden.weights) {
      const tensor = tensors.get(theirs)!;
      expect([theirs, tensor.dtype, tensor.shape]).toEqual([theirs, dtype, shape]);
      expect(Buffer.compare(tensor.bytes, bytes), theirs).toBe(0);
    }
    const again = await importPatchTST(to);
    expect(again.config).toEqual(model.config);
    expect(again.parameters).toEqual(model.parameters);
  });
});

const variants: Partial<PatchTSTConfigInput>[] = [
  { task: 'pretrain', masking: { kind: 'forecast', patches: [1, 2], unmaskedChannels: [1], value: 1 } },
  {
    task: 'forecast',
    pooling: 'none',
    position: 'learned',
    embedding: 'per-channel',
    feedForwardBias: false,
  },
  { task: 'classify', classToken: true, norm: 'layer', normPlacement: 'post', scaling: 'mean' },
  { task: 'regress', pooling: 'max', outputRange: [-1, 4], channelAttention: true, scaling: 'none' },
  { task: 'encode', activation: 'mish', dropout: { path: 0.1, head: 0.2 } },
];

describe('models made here', () => {
  it.each(variants)('survive a folder: %j', async (overrides) => {
    const model = smallModel(overrides);
    const path = join(folder, `made-${variants.indexOf(overrides)}`, 'below');
    await exportPatchTST(model, path);
    expect(readdirSync(path).sort()).toEqual(['config.json', 'model.safetensors']);
    const { config, parameters, warnings } = await importPatchTST(path);
    expect(config).toEqual(model.config);
    expect(parameters).toEqual(model.parameters);
    expect(warnings).toEqual([]);
  });
});

describe('exportPatchTST', () => {
  it('overwrites nothing and leaves nothing aside', async () => {
    const model = smallModel();
    const parent = join(folder, 'parent');
    await exportPatchTST(model, join(parent, 'model'));
    await expect(exportPatchTST(model, join(parent, 'model'))).rejects.toMatchObject({
      code: 'patchtst/folder-exists',
      message: expect.stringMatching(/is there already \(config\.json\)/),
    });
    const parameters = {
      ...model.parameters,
      'head.bias': { ...model.parameters['head.bias']!, data: new Float32Array([1, Number.NaN, 2]) },
    };
    await expect(exportPatchTST({ ...model, parameters }, join(parent, 'bad'))).rejects.toMatchObject({
      code: 'patchtst/bad-model',
      message: expect.stringMatching(/"head\.bias" holds NaN at 1/),
    });
    expect(readdirSync(parent)).toEqual(['model']);
  });

  it('writes whole numbers as floats where Hugging Face takes nothing else', async () => {
    const path = join(folder, 'floats');
    const model = smallModel({ normEpsilon: 1, masking: { ratio: 0 } });
    await exportPatchTST({ ...model, huggingFace: { init_std: 1 } }, path);
    const text = readFileSync(join(path, 'config.json'), 'utf8');
    for (const line of [
      '"norm_eps": 1.0,',
      '"random_mask_ratio": 0.0,',
      '"init_std": 1.0,',
      '"mask_value": 0,',
      '"bias": true,',
    ]) {
      expect(text).toContain(line);
    }
    expect((await importPatchTST(path)).config).toEqual(model.config);
  });

  it('keeps what else config.json said', async () => {
    const model = smallModel({ task: 'classify' });
    const path = join(folder, 'labelled');
    await exportPatchTST(
      { ...model, huggingFace: { id2label: { 0: 'calm', 1: 'storm' }, d_model: 99 } },
      path,
    );
    const { huggingFace } = await importPatchTST(path);
    expect(huggingFace).toMatchObject({
      id2label: { 0: 'calm', 1: 'storm' },
      d_model: 8,
      model_type: 'patchtst',
    });
  });
});

describe('importPatchTST', () => {
  const write = async (name: string, config: object = {}): Promise<string> => {
    const path = join(folder, name);
    await exportPatchTST(smallModel(), path);
    const json = JSON.parse(readFileSync(join(path, 'config.json'), 'utf8'));
    writeJson(join(path, 'config.json'), { ...json, ...config });
    return path;
  };

  it.each(['F16', 'BF16'] as const)('converts %s exactly and says so', async (dtype) => {
    const path = await write(dtype);
    const tensors = theirTensors(smallModel());
    // 1.5 in both: sign, exponent and the upper half of the fraction.
    const half = dtype === 'F16' ? 0x3e00 : 0x3fc0;
    tensors.set('head.projection.bias', {
      dtype,
      shape: [3],
      bytes: new Uint8Array(Uint16Array.of(half, half, half).buffer),
    });
    writeTensors(join(path, 'model.safetensors'), tensors);
    const { parameters, warnings } = await importPatchTST(path);
    expect(parameters['head.bias']!.data).toEqual(Float32Array.of(1.5, 1.5, 1.5));
    const again = join(folder, `${dtype}-again`);
    await exportPatchTST(await importPatchTST(path), again);
    expect(JSON.parse(readFileSync(join(again, 'config.json'), 'utf8'))).toMatchObject({ dtype: 'float32' });
    expect(warnings).toEqual([
      expect.stringMatching(`1 tensors of type ${dtype} were converted to float32, exactly`),
    ]);
  });

  it('reads shards by their index', async () => {
    const path = join(folder, 'shards');
    const model = smallModel();
    mkdirSync(path);
    const whole = await write('whole');
    copyFileSync(join(whole, 'config.json'), join(path, 'config.json'));
    const tensors = [...theirTensors(model)];
    const shardOf = (i: number) => `model-0000${1 + (i % 2)}-of-00002.safetensors`;
    for (const part of [0, 1]) {
      writeTensors(
        join(path, shardOf(part)),
        tensors.filter((_, i) => i % 2 === part),
      );
    }
    writeJson(join(path, 'model.safetensors.index.json'), {
      metadata: { total_size: 1 },
      weight_map: Object.fromEntries(tensors.map(([name], i) => [name, shardOf(i)])),
    });
    expect((await importPatchTST(path)).parameters).toEqual(model.parameters);
  });

  it('fills in what config.json leaves to the defaults of Hugging Face', async () => {
    const path = join(folder, 'defaults');
    const model = smallModel({
      width: 128,
      layers: 3,
      heads: 4,
      feedForwardWidth: 512,
      horizon: 24,
      targets: 1,
    });
    await exportPatchTST(model, path);
    writeJson(join(path, 'config.json'), {
      model_type: 'patchtst',
      architectures: ['PatchTSTForPrediction'],
      num_input_channels: 2,
      context_length: 20,
      patch_length: 4,
      patch_stride: 4,
    });
    expect((await importPatchTST(path)).config).toEqual(model.config);
  });

  it('ignores keys that change nothing, and says which ones only look as if they did', async () => {
    const path = await write('ignored', {
      torch_dtype: 'float32',
      pad_token_id: null,
      stride: 9,
      note: 'mine',
    });
    const { warnings, config } = await importPatchTST(path, { ignoreKeys: ['note'] });
    expect(config.patchStride).toBe(4);
    expect(warnings).toEqual([
      expect.stringMatching(/"stride" is ignored, as Hugging Face ignores it: the stride is patch_stride/),
    ]);
  });

  it('takes the class from the caller where config.json names none', async () => {
    const path = await write('nameless', { architectures: null });
    await expect(importPatchTST(path)).rejects.toMatchObject({ code: 'patchtst/wrong-model' });
    const { config } = await importPatchTST(path, { architecture: 'PatchTSTForPrediction' });
    expect(config.task).toBe('forecast');
  });
});
