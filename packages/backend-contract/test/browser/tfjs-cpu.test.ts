import { tfjsCpu } from '@patchbert/backend';
import { backendContract } from '@patchbert/backend-contract';
import { describe, it } from 'vitest';

describe('tfjs-cpu meets the backend contract in a page', () => {
  for (const { name, check } of backendContract) it(name, () => check(tfjsCpu));
});
