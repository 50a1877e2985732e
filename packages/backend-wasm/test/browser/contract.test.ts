import { backendContract } from '@patchbert/backend-contract';
import { tfjsWasmFrom } from '@patchbert/backend-wasm';
import { describe, it } from 'vitest';

/** The tests' server has the repository's files. */
const files = '/packages/backend-wasm/node_modules/@tensorflow/tfjs-backend-wasm/dist/';

describe('tfjs-wasm meets the backend contract in a page', () => {
  for (const { name, check } of backendContract) it(name, () => check(tfjsWasmFrom(files)));
});
