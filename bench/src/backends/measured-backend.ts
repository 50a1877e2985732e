/** What was measured of one backend on one machine. Plain data: it travels from a page to Node as JSON. */
export interface MeasuredBackend {
  readonly name: string;
  readonly engine: string;
  readonly precision: string;
  readonly trains: boolean;
  /**
   * Largest differences from the float64 reference, as shares of the largest number of their tensor, over outputs, parameters and
   * optimiser moments. Of a backend that does not train: of its losses, and none after twenty steps.
   */
  readonly errorAfterOneStep: number;
  readonly errorAfterTwentySteps?: number;
  /** Median milliseconds of a training step, and of the same step on the baseline, measured in turn. */
  readonly milliseconds?: number;
  readonly baselineMilliseconds?: number;
}

/** A backend that could not be measured, and why. */
export interface UnmeasuredBackend {
  readonly name: string;
  readonly reason: string;
}

/** All that one machine, or one page on it, measured. */
export interface Measurements {
  readonly format: 'patchbert-backend-measurements';
  /** Where: processor, graphics card, Node or browser, and their versions, for people. */
  readonly machine: string;
  /** Day of the measurement, such as `2026-11-28`. */
  readonly date: string;
  /** The backend that times are relative to. */
  readonly baseline: string;
  readonly measured: readonly MeasuredBackend[];
  readonly unmeasured: readonly UnmeasuredBackend[];
}

/** @throws Error for JSON that is something else. */
export function parseMeasurements(text: string, where: string): Measurements {
  const value = JSON.parse(text) as Partial<Measurements> | null;
  if (value?.format !== 'patchbert-backend-measurements') {
    throw new Error(`${where}: expected the measurements that "bench -- backends --json" or a page writes.`);
  }
  return value as Measurements;
}
