import type { Backend, BackendAdapter, Program } from '@patchbert/backend';
import type { HostTensors } from '@patchbert/ops';
import { expectError, expectTrue } from '../comparison/expectations.ts';
import type { ContractCase } from './contract-case.ts';
import { networkBatch, networkSignature, networkState, trainNetwork } from './small-network.ts';

const STEPS = 10;
const LOST_AFTER = 5;

/**
 * What a backend owes besides when its device can go away (a graphics card whose driver starts anew): a typed error rather
 * than wrong numbers or waiting, and a new backend that goes on from the state that was read before.
 *
 * @param loseDevice makes the device of the backend that runs go away for good
 * @example
 * for (const { name, check } of deviceLossContract(() => currentDevice().destroy())) it(name, () => check(myAdapter));
 */
export function deviceLossContract(loseDevice: () => void): readonly ContractCase[] {
  return [
    {
      name: 'says that the device was lost, and a new backend goes on from the state read before',
      async check(adapter) {
        const uninterrupted = await withProgram(adapter, networkState(), (program) =>
          lossesOf(program, 0, STEPS),
        );
        const before = await withProgram(adapter, networkState(), async (program, backend) => {
          const losses = await lossesOf(program, 0, LOST_AFTER);
          const state = await program.readState();
          loseDevice();
          await expectLost(() => program.run(networkBatch(LOST_AFTER)));
          await expectLost(() => program.readState());
          await expectLost(() => program.writeState(state));
          await expectLost(() => backend.compile(trainNetwork, networkSignature));
          return { losses, state };
        });
        const after = await withProgram(adapter, before.state, (program) =>
          lossesOf(program, LOST_AFTER, STEPS),
        );
        [...before.losses, ...after].forEach((loss, step) => {
          const expected = uninterrupted[step]!;
          // Written so that NaN fails.
          const close = Math.abs(loss - expected) <= 1e-4;
          expectTrue(
            close,
            `step ${step}: expected the loss ${expected} of a run that was not interrupted; got ${loss}`,
          );
        });
      },
    },
    {
      name: 'does not leave a step waiting whose device is lost meanwhile',
      check: (adapter) =>
        withProgram(adapter, networkState(), async (program) => {
          const running = program.run(networkBatch(0));
          // Past the checks: the step is on the device, its outputs are awaited.
          await Promise.resolve();
          loseDevice();
          await expectLost(() => running);
        }),
    },
  ];
}

const expectLost = (action: () => Promise<unknown>): Promise<void> =>
  expectError(action, 'backend/device-lost');

async function withProgram<T>(
  adapter: BackendAdapter,
  state: HostTensors,
  use: (program: Program, backend: Backend) => Promise<T>,
): Promise<T> {
  const backend = await adapter.create();
  try {
    const program = await backend.compile(trainNetwork, networkSignature);
    await program.writeState(state);
    return await use(program, backend);
  } finally {
    await backend.dispose();
  }
}

async function lossesOf(program: Program, first: number, last: number): Promise<number[]> {
  const losses: number[] = [];
  for (let step = first; step < last; step++) {
    const { loss } = await program.run(networkBatch(step));
    losses.push(loss!.data[0]!);
  }
  return losses;
}
