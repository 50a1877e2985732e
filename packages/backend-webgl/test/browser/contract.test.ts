import { backendContract } from '@patchbert/backend-contract';
import { tfjsWebgl } from '@patchbert/backend-webgl';
import { describe, it } from 'vitest';

describe('tfjs-webgl meets the backend contract in a page', () => {
  for (const { name, check } of backendContract) it(name, () => check(tfjsWebgl));
});
