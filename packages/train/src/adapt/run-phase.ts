import { elementCount, type HostTensors } from '@patchbert/ops';
import { earlyStopping } from '../fit/early-stopping.ts';
import { type FitStep, fit } from '../fit/fit.ts';
import type { AdaptationEvent, AdaptationOptions, AdaptationRecord } from './adaptation-options.ts';
import { type AdaptationPhase, phaseSchedule } from './adaptation-phases.ts';
import type { AdaptationConfig } from './adaptation-schema.ts';
import type { BestKeeper, Candidate } from './keep-best.ts';
import { compilePhase } from './phase-program.ts';

export interface PhaseRun {
  readonly options: AdaptationOptions;
  readonly config: AdaptationConfig;
  readonly phase: AdaptationPhase;
  /** What the phase starts from. */
  readonly start: Candidate;
  /** Absent when nothing validates. */
  readonly keeper: BestKeeper | undefined;
  /** Steps of all phases. */
  readonly totalSteps: number;
  readonly emit: (event: AdaptationEvent) => void;
}

export interface PhaseOutcome {
  readonly records: readonly AdaptationRecord[];
  /** The weights the phase ended with. */
  readonly last: Candidate;
  readonly stoppedEarly: boolean;
  readonly interrupted: boolean;
}

/** Trains one phase from `start`, validating on the way, until its steps, its patience or the signal end it. */
export async function runPhase(run: PhaseRun): Promise<PhaseOutcome> {
  const { options, config, phase, start, keeper, emit } = run;
  const firstStep = phase.before + 1;
  const lastStep = phase.before + phase.steps;
  emit({
    type: 'phase',
    phase: phase.name,
    firstStep,
    lastStep,
    trained: countTrained(phase, start.parameters),
  });

  const records: AdaptationRecord[] = [];
  const patience = earlyStopping({ patience: config.patience ?? Number.POSITIVE_INFINITY });
  let waiting =
    start.value === undefined
      ? patience.initial
      : patience.next(patience.initial, { step: start.step, value: start.value });
  const enough = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, enough.signal]) : enough.signal;

  const compiled = await compilePhase(options, config, phase, start.parameters);
  try {
    const validate = async (step: number): Promise<number | undefined> => {
      const due = (step - phase.before) % config.validateEvery === 0 || step === lastStep;
      if (!keeper || !due) return undefined;
      const { value, best } = await keeper.offer(step, await compiled.readParameters());
      emit({ type: 'validation', step, value, best });
      waiting = patience.next(waiting, { step, value });
      return value;
    };
    const onStep = async (report: FitStep) => {
      emit({ type: 'step', phase: phase.name, steps: run.totalSteps, ...report });
      const validation = await validate(report.step);
      records.push({ phase: phase.name, ...report, ...(validation !== undefined && { validation }) });
      if (!waiting.stop || report.step === lastStep || enough.signal.aborted) return;
      emit({ type: 'early-stop', step: report.step, bestStep: keeper?.best?.step ?? report.step });
      enough.abort();
    };
    const { status, step } = await fit({
      program: compiled.program,
      optimiser: compiled.optimiser,
      schedule: phaseSchedule(config, phase),
      firstStep,
      lastStep,
      makeBatch: compiled.makeBatch,
      onStep,
      signal,
    });
    const stoppedEarly = enough.signal.aborted;
    return {
      records,
      last: { step, parameters: await compiled.readParameters() },
      stoppedEarly,
      interrupted: status === 'interrupted' && !stoppedEarly,
    };
  } finally {
    compiled.program.dispose();
  }
}

function countTrained({ trained }: AdaptationPhase, parameters: HostTensors): number {
  return trained.reduce((sum, name) => sum + elementCount(parameters[name]!.shape), 0);
}
