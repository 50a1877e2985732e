import { backendContract } from '@patchbert/backend-contract';
import { tfjsWasm } from '@patchbert/backend-wasm';
import { describe, it } from 'vitest';

describe('tfjs-wasm meets the backend contract in Node', () => {
  for (const { name, check } of backendContract) it(name, () => check(tfjsWasm));
});
