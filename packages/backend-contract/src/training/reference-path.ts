import type { Program } from '@patchbert/backend';
import type { HostTensors } from '@patchbert/ops';
import { float64Reference } from '../float64/float64-reference.ts';
import type { TrainingRun } from './training-run.ts';

/** What a run must have given and what its state must be after a step. */
export interface ReferencePoint {
  readonly outputs: HostTensors;
  readonly state: HostTensors;
}

/** The path of a run in double precision, worked out as far as it is asked for, once. */
export interface ReferencePath {
  /** After step `steps`, from 1. */
  after(steps: number): Promise<ReferencePoint>;
}

/** The reference path of a run; nothing is computed before it is asked for. */
export function createReferencePath(run: TrainingRun): ReferencePath {
  const points: Promise<ReferencePoint>[] = [];
  let program: Promise<Program> | undefined;
  const advance = async (previous: Promise<unknown> | undefined, step: number): Promise<ReferencePoint> => {
    await previous;
    program ??= start(run);
    const started = await program;
    const outputs = await started.run(run.batchOf(step));
    return { outputs, state: await started.readState() };
  };
  return {
    after(steps) {
      while (points.length < steps) points.push(advance(points.at(-1), points.length + 1));
      return points[steps - 1]!;
    },
  };
}

async function start({ step, signature, state }: TrainingRun): Promise<Program> {
  const backend = await float64Reference.create();
  const program = await backend.compile(step, signature);
  await program.writeState(state);
  return program;
}
