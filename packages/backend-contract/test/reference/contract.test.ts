import { backendContract, float64Reference } from '@patchbert/backend-contract';
import { describe, it } from 'vitest';

describe('the float64 reference meets the backend contract', () => {
  for (const { name, check } of backendContract) it(name, () => check(float64Reference));
});
