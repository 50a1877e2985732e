import type { BackendFacts } from './backend-facts.ts';
import type { MeasuredBackend, Measurements } from './measured-backend.ts';

const heading = [
  'backend',
  'install',
  'runs on',
  'precision',
  'trains',
  'error after 1 step',
  'after 20',
  'time of a step',
  'measured',
];

/**
 * What backends can do, as Markdown: a row for each of `facts` with what was measured first, and below it where that was, and why
 * the others were not. Backends nobody measured keep their static facts.
 */
export function backendsTable(facts: readonly BackendFacts[], all: readonly Measurements[]): string {
  const rows = facts.flatMap(({ name, install, platforms }) => {
    const found = all.flatMap((measurements, place) =>
      measurements.measured.filter((one) => one.name === name).map((one) => ({ one, measurements, place })),
    );
    const about = [`\`${name}\``, install, platforms];
    if (found.length === 0) return [[...about, '', '', '', '', '', 'no']];
    return found.map(({ one, measurements, place }, index) => [
      ...(index === 0 ? about : ['', '', '']),
      ...measuredCells(one, measurements.baseline),
      placeName(place),
    ]);
  });
  const table = [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const places = all.map(({ machine, date }, place) => `${placeName(place)}: ${machine}; ${date}.`);
  const missing = facts.flatMap(({ name }) => {
    if (all.some(({ measured }) => measured.some((one) => one.name === name))) return [];
    const reasons = all.flatMap(({ unmeasured }) => unmeasured.filter((one) => one.name === name));
    return [
      `- \`${name}\` was not measured: ${reasons.map(({ reason }) => reason).join(' ') || 'nobody ran it.'}`,
    ];
  });
  return [...table, '', places.join(' '), ...(missing.length > 0 ? ['', ...missing] : [])].join('\n');
}

function measuredCells(one: MeasuredBackend, baseline: string): readonly string[] {
  const { milliseconds, baselineMilliseconds } = one;
  const time =
    milliseconds === undefined || baselineMilliseconds === undefined
      ? ''
      : one.name === baseline
        ? `${digits(milliseconds)} ms`
        : `${digits(milliseconds / baselineMilliseconds)} x ${baseline}`;
  return [
    one.precision,
    one.trains ? 'yes' : 'no, predicts',
    one.errorAfterOneStep.toExponential(1),
    one.errorAfterTwentySteps?.toExponential(1) ?? '',
    time,
  ];
}

/** Two digits that count, without an exponent. */
function digits(value: number): string {
  return value >= 10 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(2);
}

function placeName(place: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + place);
}
