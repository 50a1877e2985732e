/** Series of unequal lengths, waves that are fast or slow, as `.ts` files, long tables and lists of them. */

export interface Wave {
  readonly id: string;
  readonly fast: boolean;
  /** `[channels][points]`; null is missing. */
  readonly values: readonly (readonly (number | null)[])[];
}

export function waves(count: number, first = 0): Wave[] {
  return Array.from({ length: count }, (_, k) => {
    const i = first + k;
    const fast = i % 3 === 0;
    const value = (c: number, t: number) =>
      (i * 5 + t * 3 + c) % 41 === 0 ? null : Number(Math.sin(t / (fast ? 1.5 : 4) + i + c).toFixed(4));
    const points = Array.from({ length: 20 + ((i * 7) % 9) }, (_, t) => t);
    return { id: `w${i}`, fast, values: [0, 1].map((c) => points.map((t) => value(c, t))) };
  });
}

/** A `.ts` file of classes, of numbers (`@targetLabel`), or of neither. */
export function ts(
  all: readonly Wave[],
  answer: 'class' | 'value' | 'none' = 'class',
  names: readonly [string, string] = ['fast', 'slow'],
): string {
  const labels = {
    class: `@classLabel true ${names.join(' ')}`,
    value: '@targetLabel true',
    none: '@classLabel false',
  };
  const answerOf = ({ fast }: Wave) =>
    answer === 'none' ? '' : `:${answer === 'class' ? names[fast ? 0 : 1] : fast ? 20.5 : 10.5}`;
  return [
    '@problemName waves',
    '@timeStamps false',
    '@missing true',
    '@univariate false',
    '@dimensions 2',
    '@equalLength false',
    labels[answer],
    '@data',
    ...all.map(
      (wave) =>
        `${wave.values.map((column) => column.map((v) => v ?? '?').join(',')).join(':')}${answerOf(wave)}`,
    ),
    '',
  ].join('\n');
}

/** A table with a row per series and time. */
export function long(
  all: readonly Wave[],
  columns: readonly ('x' | 'y' | 'state')[] = ['x', 'y', 'state'],
): string {
  const cell = { x: 0, y: 1 } as const;
  const rows = all.flatMap((wave) =>
    wave.values[0]!.map((_, t) =>
      [
        wave.id,
        t,
        ...columns.map((name) =>
          name === 'state' ? (wave.fast ? 'fast' : 'slow') : (wave.values[cell[name]]![t] ?? ''),
        ),
      ].join(','),
    ),
  );
  return [['machine', 'step', ...columns].join(','), ...rows, ''].join('\n');
}

/** Settings that make a fit a matter of a second. */
export const tiny = {
  members: 1,
  model: { width: 8, layers: 1, heads: 2, feedForwardWidth: 16 },
  pretraining: { training: { steps: 4, batchSize: 8 } },
  fineTuning: { training: { steps: 6, batchSize: 8 } },
};
