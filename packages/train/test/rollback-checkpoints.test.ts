import { float32Tensor } from '@patchbert/ops';
import { expect, test } from 'vitest';
import { checkpointSteps, divergedError, saveCheckpoint, trainWithRollbacks } from '../src/index.ts';
import { temporaryFolder } from './support/tiny-run.ts';

test('nothing of the steps that are computed again is left to go on from, or to build on', async () => {
  const checkpoints = temporaryFolder();
  const saved = (step: number, unplanned: boolean) =>
    saveCheckpoint(checkpoints, {
      step,
      parameters: { weight: float32Tensor(Float32Array.of(step)) },
      optimiser: {},
      facts: {
        config: {},
        model: {},
        backend: 'tfjs-cpu',
        engine: 'test',
        dataFingerprint: 'abc',
        ...(unplanned && { unplanned: true as const }),
      },
    });
  await saved(2, false);
  await saved(4, false);
  await saved(7, true);
  const starts: (number | undefined)[] = [];
  await trainWithRollbacks({
    policy: { action: 'rollback', rateFactor: 0.5, rollbacks: 2 },
    checkpoints,
    start: { checkpoint: undefined, rollbacks: [] },
    emit: () => {},
    attempt: async ({ checkpoint }, isAgain) => {
      starts.push(checkpoint?.step);
      if (!isAgain)
        throw divergedError('demo', { step: 9, learningRate: 1, what: 'the loss is NaN' }, undefined);
      expect(await checkpointSteps(checkpoints)).toEqual([2, 4]);
    },
  });
  expect(starts).toEqual([undefined, 4]);
});
