import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tfjsCpu } from '@patchbert/backend';
import { type HostTensors, scalarTensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  adamW,
  constant,
  fit,
  type Objective,
  optimiserScalars,
  retainCheckpoints,
  saveCheckpoint,
  signatureOf,
  trainingStep,
} from '../src/index.ts';

const saves = 1000;
const facts = { config: {}, model: {}, backend: 'tfjs-cpu', engine: 'test', dataFingerprint: 'abc' };

/** (x - goal)^2: the smallest thing that can be trained. */
const distance: Objective = {
  loss: ({ x }, { goal }) => tf.square(tf.sub(x!, goal!)) as tf.Scalar,
  evaluate: ({ x }) => ({ x: x! }),
};

describe(`${saves} saves, one after each step`, () => {
  it('leave no tensor, no file handle and no folder behind', async () => {
    const backend = await tfjsCpu.create();
    const optimiser = adamW();
    const state: HostTensors = { x: scalarTensor(0), ...optimiser.initialState({ x: scalarTensor(0) }) };
    const makeBatch = (): HostTensors => ({ goal: scalarTensor(3) });
    const batch = { ...makeBatch(), ...optimiserScalars(optimiser, 1, 0) };
    const program = await backend.compile(
      trainingStep(distance, optimiser, ['x']),
      signatureOf(state, batch),
    );
    await program.writeState(state);
    // In memory where there is such a folder: five thousand flushes of a busy disk take minutes.
    const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'patchbert-saves-'));
    const [tensors, handles] = [new Set<number>(), new Set<number>()];
    await fit({
      program,
      optimiser,
      schedule: constant(0.01),
      firstStep: 1,
      lastStep: saves,
      makeBatch,
      async onStep({ step }) {
        const { x, ...moments } = await program.readState();
        await saveCheckpoint(folder, { step, parameters: { x: x! }, optimiser: moments, facts });
        if (step % 50 === 0) await retainCheckpoints(folder, { step, newest: 1 });
        tensors.add(tf.memory().numTensors);
        if (step % 100 === 0) handles.add(openHandles());
      },
    });
    expect([...tensors]).toHaveLength(1);
    expect(handles.size, `${[...handles]}`).toBe(1);
    expect(readdirSync(folder)).toEqual(['step-00001000']);
    rmSync(folder, { recursive: true });
    program.dispose();
    await backend.dispose();
  });
});

/** Files this process has open; only Linux tells. */
function openHandles(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}
