import { type Backend, type Program, tfjsCpu } from '@patchbert/backend';
import { float32Tensor, type HostTensors, scalarTensor } from '@patchbert/ops';

/** What goes wrong on a device. Counts are of runs of the training program, from 1. */
export interface Fault {
  /** Whether the loss of a step comes back as Infinity, by its learning rate and how many steps ran. */
  readonly loss?: (learningRate: number, run: number) => boolean;
  /** Writes NaN into this state entry after that many steps. */
  readonly poison?: { readonly run: number; readonly name: string };
  /** Every validation comes back as NaN. */
  readonly validation?: true;
}

/** The cpu reference with a fault: computes for real, but for what the fault says. */
export async function faultyBackend(fault: Fault): Promise<Backend> {
  const backend = await tfjsCpu.create();
  return {
    ...backend,
    compile: async (step, signature) => withFault(await backend.compile(step, signature), fault),
    dispose: () => backend.dispose(),
  };
}

function withFault(program: Program, fault: Fault): Program {
  let runs = 0;
  return {
    run: async (batch) => {
      const outputs = await program.run(batch);
      const rate = batch['optimiser.learningRate']?.data[0];
      if (rate === undefined) return fault.validation ? { ...outputs, squaredError: nan } : outputs;
      runs++;
      if (fault.poison?.run === runs) await poison(program, fault.poison.name);
      return fault.loss?.(rate, runs)
        ? { ...outputs, loss: scalarTensor(Number.POSITIVE_INFINITY) }
        : outputs;
    },
    readState: (names) => program.readState(names),
    writeState: (tensors: HostTensors) => program.writeState(tensors),
    dispose: () => program.dispose(),
  };
}

const nan = scalarTensor(Number.NaN);

async function poison(program: Program, name: string): Promise<void> {
  const { shape, data } = (await program.readState([name]))[name]!;
  await program.writeState({ [name]: float32Tensor(new Float32Array(data.length).fill(Number.NaN), shape) });
}
