/** A number that may be missing: JSON has no NaN, so a number that could not be had arrives as null. */
export type Measure = number | null;

/** The loss over the steps of one training run; `validation` at the steps that have one, lower is better. */
export interface TrainingCurve {
  readonly name: string;
  readonly points: readonly {
    readonly step: number;
    readonly loss: Measure;
    readonly validation?: Measure;
  }[];
}

export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** One check that no result depends on what it may not see. */
export interface AuditCheck {
  readonly check: string;
  readonly passed: boolean;
  readonly detail: string;
}
