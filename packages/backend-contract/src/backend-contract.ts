import type { ContractCase } from './cases/contract-case.ts';
import { engineCases } from './cases/engine-cases.ts';
import { numberCases } from './cases/number-cases.ts';
import { refusalCases } from './cases/refusal-cases.ts';
import { resourceCases } from './cases/resource-cases.ts';
import { stateCases } from './cases/state-cases.ts';
import { trainingCases } from './cases/training-cases.ts';

/**
 * What every backend must do, whatever runs it: bind the cases to any test runner. Needs neither Node nor a page.
 *
 * @example
 * describe('my backend', () => {
 *   for (const { name, check } of backendContract) it(name, () => check(myAdapter));
 * });
 */
export const backendContract: readonly ContractCase[] = [
  ...stateCases,
  ...trainingCases,
  ...numberCases,
  ...refusalCases,
  ...resourceCases,
  ...engineCases,
];
