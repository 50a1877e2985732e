import type { BackendAdapter } from '@patchbert/backend';
import { forecastingRun } from '../training/forecasting-run.ts';
import { pretrainingRun } from '../training/pretraining-run.ts';
import { createReferencePath } from '../training/reference-path.ts';
import { type MeasuredRun, measureRun } from './measure-run.ts';

/** How exactly a backend trains, for a table of what backends can do. */
export interface BackendMeasurement {
  readonly backend: string;
  readonly engine: string;
  readonly precision: string;
  /** Masked reconstruction with gaps and dropout. */
  readonly pretraining: MeasuredRun;
  /** Forecasts of quantiles with gaps and dropout. */
  readonly forecasting: MeasuredRun;
}

/**
 * Measures the errors of a backend against the float64 reference after one and after twenty steps, of pretraining and of
 * fine-tuning a tiny forecaster.
 *
 * @throws PatchBertError what the backend throws: `backend/unavailable`, `backend/cannot-train`.
 * @example
 * const { pretraining } = await measureBackend(tfjsCpu);
 * console.log(pretraining.errors.at(-1)?.state); // after twenty steps
 */
export async function measureBackend(adapter: BackendAdapter): Promise<BackendMeasurement> {
  const backend = await adapter.create();
  try {
    const { engine, precision } = backend.capabilities;
    const pretraining = pretrainingRun({ corruption: 'visible-only', gaps: true, dropout: 0.2 });
    const forecasting = forecastingRun({ loss: 'quantile', dropout: 0.2 });
    return {
      ...{ backend: backend.name, engine, precision },
      pretraining: await measureRun(backend, pretraining, createReferencePath(pretraining), [1, 20]),
      forecasting: await measureRun(backend, forecasting, createReferencePath(forecasting), [1, 20]),
    };
  } finally {
    await backend.dispose();
  }
}
