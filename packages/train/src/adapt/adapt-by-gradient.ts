import { encoderParameterSpecs, headParameterSpecs } from '@patchbert/encoder';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import { describeDifference, differingTensors } from '../transfer/differing-tensors.ts';
import type { AdaptationOptions, AdaptationRecord, AdaptationResult } from './adaptation-options.ts';
import { adaptationPhases } from './adaptation-phases.ts';
import { adaptationSchema } from './adaptation-schema.ts';
import { type Candidate, keepBest } from './keep-best.ts';
import { type PhaseOutcome, runPhase } from './run-phase.ts';

/**
 * Trains a head, and an encoder with it, for a task: the phases of a strategy one after the other, validating on the way, and
 * keeps the weights that validate best. The start is a candidate too, except from `scratch`: training that does not help
 * changes nothing. A phase starts from the best weights of the one before.
 *
 * The result is a function of options, batches and engine: dropout is keyed by seed and step.
 *
 * @throws PatchBertError `config/invalid`, `train/bad-parameters`, `train/bad-freeze`, `train/bad-options`,
 * `train/backend-cannot-train`, `train/diverged`.
 * @example
 * const { parameters, bestStep } = await adaptByGradient({
 *   backend, encoderConfig, headConfig, initialParameters, objective: forecasting({ encoder, head, loss: 'mse' }),
 *   training: { strategy: 'fine-tune', steps: 500 }, makeBatch, validate,
 * });
 */
export async function adaptByGradient(options: AdaptationOptions): Promise<AdaptationResult> {
  const config = parseConfig(adaptationSchema, options.training ?? {}, 'adaptByGradient');
  requireParameters(options);
  requireTrainingBackend(options);
  const names = Object.keys(options.initialParameters);
  const phases = adaptationPhases(config, options.encoderConfig, names);
  const totalSteps = phases.reduce((sum, { steps }) => sum + steps, 0);
  const emit = options.onEvent ?? (() => {});
  const keeper = options.validate && keepBest(options.validate);

  let initialValidation: number | undefined;
  if (keeper && config.strategy !== 'scratch') {
    const offered = await keeper.offer(0, options.initialParameters);
    initialValidation = offered.value;
    emit({ type: 'validation', step: 0, ...offered });
  }
  let kept: Candidate = keeper?.best ?? { step: 0, parameters: options.initialParameters };
  const history: AdaptationRecord[] = [];
  let outcome: PhaseOutcome | undefined;
  for (const phase of phases) {
    outcome = await runPhase({ options, config, phase, start: kept, keeper, totalSteps, emit });
    history.push(...outcome.records);
    kept = keeper?.best ?? outcome.last;
    if (outcome.interrupted) break;
  }
  return {
    status: outcome?.interrupted ? 'interrupted' : 'finished',
    parameters: kept.parameters,
    bestStep: kept.step,
    ...(kept.value !== undefined && { bestValidation: kept.value }),
    ...(initialValidation !== undefined && { initialValidation }),
    history,
    stoppedEarly: outcome?.stoppedEarly ?? false,
  };
}

function requireParameters({ encoderConfig, headConfig, initialParameters }: AdaptationOptions): void {
  const expected = {
    ...encoderParameterSpecs(encoderConfig),
    ...headParameterSpecs(headConfig, encoderConfig),
  };
  const wrong = differingTensors(expected, initialParameters);
  if (wrong.length === 0) return;
  throw new PatchBertError(
    'train/bad-parameters',
    `adaptByGradient: initialParameters are not those of encoder and head. ${wrong.map(describeDifference).join('; ')}. Take ` +
      'the encoder from transferEncoder or initialiseParameters, and the head from initialiseHead.',
  );
}

function requireTrainingBackend({ backend }: AdaptationOptions): void {
  if (backend.capabilities.trains) return;
  throw new PatchBertError(
    'train/backend-cannot-train',
    `adaptByGradient: backend ${backend.name} (${backend.capabilities.engine}) cannot train here; choose another.`,
  );
}
