import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportPatchTST, importPatchTST } from '../src/index.ts';
import { temporaryFolder, theirTensors, writeJson, writeTensors } from './support/model-folder.ts';
import { smallModel } from './support/small-models.ts';

const folder = temporaryFolder();
let count = 0;

interface Bad {
  /** Changes to config.json; `undefined` removes a key. */
  readonly config?: Record<string, unknown>;
  readonly change?: (path: string) => void;
  readonly code: string;
  readonly says: RegExp;
}

async function importOf({ config = {}, change }: Bad): Promise<unknown> {
  const path = join(folder, `model-${count++}`);
  await exportPatchTST(smallModel(), path);
  const file = join(path, 'config.json');
  writeJson(file, { ...JSON.parse(readFileSync(file, 'utf8')), ...config });
  change?.(path);
  return importPatchTST(path);
}

const tensorsOf = () => theirTensors(smallModel());
const weights = (path: string) => join(path, 'model.safetensors');
const unsupported = 'patchtst/unsupported-config';
const differ = 'patchtst/tensors-differ';

const configs: Record<string, Bad> = {
  'another type of model': {
    config: { model_type: 'patchtsmixer' },
    code: 'patchtst/wrong-model',
    says: /of type "patchtsmixer"; expected "patchtst"/,
  },
  'no type': { config: { model_type: undefined }, code: 'patchtst/wrong-model', says: /of type null/ },
  'another class': {
    config: { architectures: ['BertModel'] },
    code: 'patchtst/wrong-model',
    says: /\["BertModel"\]; expected one of PatchTSTForPretraining/,
  },
  'two classes': {
    config: { architectures: ['PatchTSTModel', 'PatchTSTForPrediction'] },
    code: 'patchtst/wrong-model',
    says: /expected one of/,
  },
  'a projection per channel': {
    config: { share_projection: false },
    code: unsupported,
    says: /"share_projection": .* cannot be run by Hugging Face either/,
  },
  'a distribution head': {
    config: { loss: 'nll', distribution_output: 'normal' },
    code: unsupported,
    says: /"loss": "nll" trains a distribution head \("normal"\)/,
  },
  'no loss': { config: { loss: null }, code: unsupported, says: /"loss": null trains a distribution head/ },
  'quantised weights': {
    config: { quantization_config: { bits: 4 } },
    code: unsupported,
    says: /"quantization_config": quantised/,
  },
  'code of its own': {
    config: { auto_map: { AutoModel: 'x--y.Z' } },
    code: unsupported,
    says: /"auto_map": .* never run/,
  },
  'a scale with a floor of its own': {
    config: { minimum_scale: 1e-3 },
    code: unsupported,
    says: /"minimum_scale"/,
  },
  'a misspelt key': {
    config: { patch_lenght: 4 },
    code: unsupported,
    says: /"patch_lenght" is not a known key. Did you mean "patch_length"\?/,
  },
  'an unknown key': {
    config: { my_option: 1, share_projection: false },
    code: unsupported,
    says: /2 of its keys .*ignoreKeys/,
  },
  'an unknown norm': { config: { norm_type: 'rmsnorm' }, code: 'config/invalid', says: /norm_type/ },
  'an activation with weights': {
    config: { activation_function: 'prelu' },
    code: 'config/invalid',
    says: /activation_function/,
  },
  'an unknown scaling': { config: { scaling: 'minmax' }, code: 'config/invalid', says: /scaling/ },
  'a width as text': { config: { d_model: '8' }, code: 'config/invalid', says: /d_model/ },
  'heads that do not divide': {
    config: { num_attention_heads: 3 },
    code: 'config/invalid',
    says: /3 heads do not divide width 8/,
  },
  'a patch as long as the context': {
    config: { patch_length: 20 },
    code: 'config/invalid',
    says: /must be shorter than the context/,
  },
  'a width of -1': { config: { d_model: -1 }, code: 'config/invalid', says: /d_model/ },
  'a width of 0': { config: { d_model: 0 }, code: 'config/invalid', says: /d_model/ },
  'a width of 1.5': { config: { d_model: 1.5 }, code: 'config/invalid', says: /d_model/ },
  'a stride of 0': { config: { patch_stride: 0 }, code: 'config/invalid', says: /patch_stride/ },
  'a width of 10^9': {
    config: { d_model: 1e9, num_attention_heads: 1 },
    code: 'config/invalid',
    says: /about \d\.\de\+18 parameters; at most 1000000000/,
  },
  'ten million million steps': {
    config: { prediction_length: 1e13 },
    code: 'config/invalid',
    says: /about 8\.0e\+13 parameters/,
  },
  'an odd width with sines and cosines': {
    config: { d_model: 9, num_attention_heads: 3, positional_encoding_type: 'sincos' },
    code: 'config/invalid',
    says: /even width, not 9/,
  },
  'a hundred thousand unknown keys': {
    config: Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key\n${i}`, i])),
    code: unsupported,
    says: /^[^\n]*100000 of its keys.*and 99980 more unknown keys$/,
  },
  'too many layers': { config: { num_hidden_layers: 1e9 }, code: 'config/invalid', says: /layers/ },
};

const tensors: Record<string, Bad> = {
  'missing and unknown tensors': {
    change: (path) => {
      const changed = tensorsOf();
      changed.delete('head.projection.bias');
      changed.set('head.extra', { shape: [1], data: new Float32Array(1) });
      writeTensors(weights(path), changed);
    },
    code: differ,
    says: /missing: "head\.projection\.bias"; unknown: "head\.extra"/,
  },
  'tensors of another shape': {
    config: { prediction_length: 4 },
    code: differ,
    says: /"head\.projection\.weight" is \[3, 8\] and should be \[4, 8\]/,
  },
  'more layers than tensors': {
    config: { num_hidden_layers: 3 },
    code: differ,
    says: /missing: "model\.encoder\.layers\.2.* and \d+ more/,
  },
  'another stride than the positions have': {
    config: { patch_stride: 1 },
    code: differ,
    says: /position_enc" is \[5, 8\] and should be \[17, 8\]/,
  },
  NaN: {
    change: (path) =>
      writeTensors(
        weights(path),
        tensorsOf().set('head.projection.bias', { shape: [3], data: Float32Array.of(0, Number.NaN, 0) }),
      ),
    code: 'patchtst/bad-weights',
    says: /"head\.projection\.bias" holds NaN at 1/,
  },
  'integer weights': {
    change: (path) =>
      writeTensors(
        weights(path),
        tensorsOf().set('head.projection.bias', { shape: [3], data: Int8Array.of(1, 2, 3) }),
      ),
    code: 'patchtst/bad-weights',
    says: /has type I8; expected F32, F16, BF16, F64/,
  },
};

const index = (path: string, map: Record<string, string>) => {
  rmSync(weights(path));
  writeJson(join(path, 'model.safetensors.index.json'), { metadata: {}, weight_map: map });
};

const files: Record<string, Bad> = {
  'a pickle alone': {
    change: (path) => renameSync(weights(path), join(path, 'pytorch_model.bin')),
    code: 'patchtst/no-weights',
    says: /"pytorch_model\.bin" alone, a pickle, which can run code and is never read\. Convert it/,
  },
  'no weights': {
    change: (path) => rmSync(weights(path)),
    code: 'patchtst/no-weights',
    says: /has neither model\.safetensors nor/,
  },
  'weights cut short': {
    change: (path) => writeFileSync(weights(path), readFileSync(weights(path)).subarray(0, 3000)),
    code: 'safetensors/truncated',
    says: /model\.safetensors": readSafetensors/,
  },
  'weights that are a pointer': {
    change: (path) =>
      writeFileSync(weights(path), 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'),
    code: 'safetensors/header-too-large',
    says: /Git LFS pointer/,
  },
  'no config.json': {
    change: (path) => rmSync(join(path, 'config.json')),
    code: 'patchtst/bad-folder',
    says: /there is no ".*config\.json"/,
  },
  'a config.json that is not JSON': {
    change: (path) => writeFileSync(join(path, 'config.json'), '{'),
    code: 'patchtst/bad-folder',
    says: /is not JSON/,
  },
  'a config.json with a key twice': {
    change: (path) => writeFileSync(join(path, 'config.json'), '{"d_model":8,"d_model":8}'),
    code: 'patchtst/bad-folder',
    says: /names "d_model" twice in one object/,
  },
  'a config.json ten thousand levels deep': {
    change: (path) => writeFileSync(join(path, 'config.json'), '['.repeat(10_000)),
    code: 'patchtst/bad-folder',
    says: /more than 100 levels deep/,
  },
  'a config.json of 100 MB': {
    change: (path) => truncateSync(join(path, 'config.json'), 100_000_000),
    code: 'patchtst/bad-folder',
    says: /has 100000000 bytes; at most \d+ are read/,
  },
  'a config.json that is a folder': {
    change: (path) => {
      rmSync(join(path, 'config.json'));
      mkdirSync(join(path, 'config.json'));
    },
    code: 'patchtst/bad-folder',
    says: /it is no file/,
  },
  'weights that never end': {
    change: (path) => {
      rmSync(weights(path));
      symlinkSync('/dev/zero', weights(path));
    },
    code: 'patchtst/bad-folder',
    says: /it is no file/,
  },
  'a web page as weights': {
    change: (path) => writeFileSync(weights(path), '<!DOCTYPE html><title>Not found</title>'),
    code: 'safetensors/header-too-large',
    says: /web page/,
  },
  'a shard that is a device of Windows': {
    change: (path) => index(path, { x: 'con.safetensors' }),
    code: 'patchtst/bad-folder',
    says: /"con\.safetensors" is not read: its name leads elsewhere/,
  },
  'a shard with a line end in its name': {
    change: (path) => index(path, { x: 'a\n.safetensors' }),
    code: 'patchtst/bad-shards',
    says: /it names "a\\n\.safetensors", which/,
  },
  'a shard of 4,096 characters': {
    change: (path) => index(path, { x: `${'x'.repeat(4096)}.safetensors` }),
    code: 'patchtst/bad-folder',
    says: /its name leads elsewhere/,
  },
  'an index with a prototype': {
    change: (path) => {
      copyFileSync(weights(path), join(path, 'model-1.safetensors'));
      index(path, JSON.parse('{"__proto__":"model-1.safetensors","constructor":"model-1.safetensors"}'));
    },
    code: 'patchtst/bad-shards',
    says: /which the index does not place there/,
  },
  'a config.json that is a list': {
    change: (path) => writeFileSync(join(path, 'config.json'), '[]'),
    code: 'patchtst/bad-folder',
    says: /holds no object/,
  },
  'a shard outside the folder': {
    change: (path) => index(path, { 'head.projection.bias': '../other/model.safetensors' }),
    code: 'patchtst/bad-shards',
    says: /"\.\.\/other\/model\.safetensors", which is not the name of a \.safetensors file in this folder/,
  },
  'a shard named ".."': {
    change: (path) => index(path, { x: '..' }),
    code: 'patchtst/bad-shards',
    says: /"\.\."/,
  },
  'an absolute shard': {
    change: (path) => index(path, { x: '/etc/model.safetensors' }),
    code: 'patchtst/bad-shards',
    says: /\/etc\/model/,
  },
  'a shard that is a pickle': {
    change: (path) => index(path, { x: 'pytorch_model.bin' }),
    code: 'patchtst/bad-shards',
    says: /pytorch_model\.bin/,
  },
  'a shard that is not there': {
    change: (path) => index(path, { x: 'model-1.safetensors' }),
    code: 'patchtst/bad-folder',
    says: /there is no ".*model-1\.safetensors"/,
  },
  'a shard with a tensor of another': {
    change: (path) => {
      copyFileSync(weights(path), join(path, 'model-1.safetensors'));
      index(path, { 'head.projection.bias': 'model-1.safetensors' });
    },
    code: 'patchtst/bad-shards',
    says: /which the index does not place there/,
  },
  'a shard that lacks a tensor': {
    change: (path) => {
      writeTensors(join(path, 'model-1.safetensors'), []);
      index(path, { 'head.projection.bias': 'model-1.safetensors' });
    },
    code: 'patchtst/bad-shards',
    says: /"model-1\.safetensors" lacks "head\.projection\.bias"/,
  },
};

describe.each([
  ['configurations', configs],
  ['tensors', tensors],
  ['files', files],
])('importPatchTST refuses %s:', (_, cases) => {
  it.each(Object.keys(cases))('%s', async (name) => {
    const bad = cases[name]!;
    await expect(importOf(bad)).rejects.toMatchObject({
      name: 'PatchBertError',
      code: bad.code,
      message: expect.stringMatching(bad.says),
    });
  });
});

it('importPatchTST names a folder that is not there, and a file in its place', async () => {
  await expect(importPatchTST(join(folder, 'nowhere'))).rejects.toMatchObject({
    code: 'patchtst/bad-folder',
  });
  mkdirSync(join(folder, 'odd'));
  writeFileSync(join(folder, 'odd', 'file'), '');
  await expect(importPatchTST(join(folder, 'odd', 'file'))).rejects.toMatchObject({
    code: 'patchtst/bad-folder',
    message: expect.stringMatching(/cannot be read \(ENOTDIR\)/),
  });
});

it('importPatchTST follows links, of which the cache of Hugging Face consists', async () => {
  const path = join(folder, 'snapshot');
  await exportPatchTST(smallModel(), join(folder, 'blobs'));
  mkdirSync(path);
  for (const name of ['config.json', 'model.safetensors'])
    symlinkSync(join('..', 'blobs', name), join(path, name));
  expect((await importPatchTST(path)).config).toEqual((await importPatchTST(join(folder, 'blobs'))).config);
});

it('importPatchTST touches no prototype, whatever config.json says, and takes a name with NUL for no folder', async () => {
  const path = join(folder, 'prototype');
  await exportPatchTST(smallModel(), path);
  const text = readFileSync(join(path, 'config.json'), 'utf8');
  const hostile = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},';
  writeFileSync(join(path, 'config.json'), text.replace('{', hostile));
  await expect(importPatchTST(path)).rejects.toMatchObject({
    code: unsupported,
    message: expect.stringMatching(/"__proto__" is not a known key.*"constructor" is not a known key/),
  });
  const model = await importPatchTST(path, { ignoreKeys: ['__proto__', 'constructor'] });
  await exportPatchTST(model, join(folder, 'prototype-again'));
  expect('polluted' in {}).toBe(false);
  for (const name of ['a\0b', 'x'.repeat(5000)]) {
    await expect(importPatchTST(name)).rejects.toMatchObject({ code: 'patchtst/bad-folder' });
  }
});
