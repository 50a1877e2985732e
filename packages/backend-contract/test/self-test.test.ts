import { defineBackend, tfjsCpu } from '@patchbert/backend';
import { float64Reference, measureBackend, selfTest } from '@patchbert/backend-contract';
import { describe, expect, it } from 'vitest';

describe('selfTest', () => {
  it('passes tfjs in plain JavaScript', async () => {
    const result = await selfTest(tfjsCpu);
    expect(result).toMatchObject({ backend: 'tfjs-cpu', precision: 'float32', steps: 3, passed: true });
    expect(result.engine).toContain('JavaScript');
    expect(result.largestError).toBeGreaterThan(0);
    expect(result.largestError).toBeLessThanOrEqual(result.tolerance);
    expect(Number.isFinite(result.loss)).toBe(true);
    expect(result.millisecondsPerStep).toBeGreaterThan(0);
  });

  it('finds no error in the reference', async () => {
    expect(await selfTest(float64Reference, { steps: 2 })).toMatchObject({
      steps: 2,
      largestError: 0,
      passed: true,
    });
  });

  it.each([0, 1.5, Number.NaN])('refuses %d steps', async (steps) => {
    await expect(selfTest(tfjsCpu, { steps })).rejects.toMatchObject({ code: 'backend/bad-option' });
  });

  it('holds a backend that is not fit for training to its losses', async () => {
    const coarse = defineBackend({
      name: 'coarse',
      description: 'tfjs in plain JavaScript, said to be coarse',
      start: async () => ({
        tfjsBackend: 'cpu',
        capabilities: { trains: false, precision: 'float16', engine: 'coarse' },
      }),
    });
    const result = await selfTest(coarse, { steps: 1 });
    expect(result).toMatchObject({ precision: 'float16', passed: true });
    expect(result.largestError).toBeLessThan(1e-6);
  });
});

it('measureBackend gives errors after one and twenty steps of both trainings', async () => {
  const { backend, pretraining, forecasting } = await measureBackend(tfjsCpu);
  expect(backend).toBe('tfjs-cpu');
  for (const { loss, errors } of [pretraining, forecasting]) {
    expect(Number.isFinite(loss)).toBe(true);
    expect(errors.map(({ steps }) => steps)).toEqual([1, 20]);
    for (const { outputs, state } of errors) {
      expect(outputs).toBeLessThan(2e-5);
      expect(state).toBeLessThan(2e-5);
    }
  }
});
