import { PatchBertError } from '@patchbert/errors';
import { TENSORFLOW_VERSION } from './libraries.ts';
import type { Files, Selection } from './unpack-wheel.ts';

/** What a wheel says of itself. */
export const METADATA = 'METADATA';
export const metadataFile: Selection = (name) =>
  /^[^/]+\.dist-info\/METADATA$/.test(name) ? METADATA : undefined;

/** Of TensorFlow: its two libraries, and the headers that its C API is made of. */
export const tensorflowFiles: Selection = (name) => {
  const [, library] = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/.exec(name) ?? [];
  if (library !== undefined) return `lib/${library}`;
  const [, header] = /^tensorflow\/(include\/.*\.h)$/.exec(name) ?? [];
  return header !== undefined && headerFolders.some((folder) => header.startsWith(`include/${folder}`))
    ? header
    : undefined;
};

const headerFolders = [
  'tensorflow/c/',
  'tensorflow/core/platform/ctstring',
  'tsl/platform/ctstring',
  'xla/tsl/c/',
];

/** Of a CUDA package: everything but headers and Python. */
export const cudaFiles: Selection = (name) => {
  const [, file] = /^nvidia\/(.+[^/])$/.exec(name) ?? [];
  return file === undefined || /(^|\/)include\/|\.py$/.test(file) ? undefined : file;
};

/**
 * Checks that a wheel is the one wanted, by its metadata.
 *
 * @throws PatchBertError `node-gpu/wrong-wheel`.
 */
export function checkMetadata(path: string, metadata: string, wheel: string): void {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(metadata)?.[1]?.trim() ?? '';
  const found = `${field('Name').toLowerCase().replaceAll('_', '-')} ${field('Version')}`.trim();
  const wanted = `${wheel} ${TENSORFLOW_VERSION}`;
  if (found === wanted) return;
  throw new PatchBertError(
    'node-gpu/wrong-wheel',
    `"${path}" holds ${found || 'no Python package'}; expected the wheel of ${wanted} for Linux on x86_64.`,
  );
}

/**
 * Checks that all of TensorFlow that is needed was in a wheel.
 *
 * @throws PatchBertError `node-gpu/wrong-wheel`, as for one for another system.
 */
export function checkTensorflowFiles(path: string, files: Files): void {
  const needed = [
    'lib/libtensorflow_cc.so.2',
    'lib/libtensorflow_framework.so.2',
    'include/tensorflow/c/eager/c_api.h',
  ];
  const lacking = needed.find((name) => files[name] === undefined);
  if (lacking === undefined) return;
  throw new PatchBertError(
    'node-gpu/wrong-wheel',
    `"${path}" lacks ${lacking}; expected the wheel for Linux on x86_64.`,
  );
}

/** The CUDA packages that a TensorFlow asks for, as pip takes them, such as `nvidia-cublas-cu12<13.0,>=12.5.3.2`. */
export function cudaRequirements(metadata: string): readonly string[] {
  return [...metadata.matchAll(/^Requires-Dist: (nvidia-[^;]+?)\s*;\s*extra == ["']and-cuda["']/gm)].map(
    (match) => match[1]!,
  );
}
