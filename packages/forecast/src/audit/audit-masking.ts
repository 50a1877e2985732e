import { createFrame, type SeriesSample } from '@patchbert/data';
import {
  type AuditFinding,
  compareRuns,
  expectMoved,
  expectUnmoved,
  type Perturbation,
  perturbRows,
  type RunResults,
} from '@patchbert/evaluation';
import {
  assemblePretrainBatch,
  type PreparedPretraining,
  type PretrainConfig,
  preparePretraining,
} from '@patchbert/train';
import type { ForecastTask } from '../task/forecast-task.ts';

/** Training series that are tried. */
const SERIES = 4;

/** What a step is trained towards, as opposed to what the encoder is given. */
const TARGETS = ['target', 'lossWeight'];

/**
 * Pretraining as it was done, on these data: what the encoder is given of a series, its normalisation included, may not
 * depend on any value inside a hidden patch. A visible patch is the control.
 */
export function auditMasking(config: PretrainConfig, { panel, splits }: ForecastTask): AuditFinding[] {
  const data = { frame: panel.frame, segments: panel.segments, splits };
  const prepared = preparePretraining({ ...config, data: { source: config.data.source } }, data);
  const samples = prepared.sampler.batch(0).slice(0, SERIES);
  const against = (patches: 'hidden' | 'visible', kind: Perturbation) =>
    samples.flatMap((sample, s) => {
      const before = encoderInputs(prepared, sample);
      const changed = withPatches(prepared, sample, before.masks, patches, kind);
      const moved = compareRuns(before.results, encoderInputs(changed, sample).results);
      return patches === 'hidden'
        ? moved.map((one) => ({ ...one, what: `${one.what} of series ${s}` }))
        : // Indices do not depend on values at all: only the patches must move.
          moved.filter(({ what }) => what === 'patches');
    });
  return [
    expectUnmoved('pretraining: hidden patches + 1e6', against('hidden', 'offset-1e6')),
    expectUnmoved('pretraining: hidden patches missing', against('hidden', 'nan')),
    expectMoved('pretraining, control: visible patches + 1e6 do move it', against('visible', 'offset-1e6')),
  ];
}

function encoderInputs({ plan }: PreparedPretraining, sample: SeriesSample) {
  const { inputs, masks } = assemblePretrainBatch(plan, { samples: [sample], purpose: 'training' });
  const results: RunResults = Object.fromEntries(
    Object.entries(inputs)
      .filter(([name]) => !TARGETS.includes(name))
      .map(([name, { data }]) => [name, data]),
  );
  return { results, masks };
}

/** The same run on data in which the hidden, or the visible, patches of one series are changed. */
function withPatches(
  prepared: PreparedPretraining,
  { start, channel }: SeriesSample,
  masks: Uint8Array,
  patches: 'hidden' | 'visible',
  kind: Perturbation,
): PreparedPretraining {
  const { frame, layout } = prepared.plan;
  const firstRow = start + layout.dropped - layout.padded;
  let column = frame.columns[channel]!;
  masks.forEach((mask, patch) => {
    if ((mask === 1) !== (patches === 'hidden')) return;
    const from = firstRow + patch * layout.patchLength;
    const rows = { start: Math.max(start, from), end: from + layout.patchLength };
    [column] = perturbRows([column], rows, kind) as [Float32Array];
  });
  const columns = frame.columns.map((own, c) => (c === channel ? column : own));
  return { ...prepared, plan: { ...prepared.plan, frame: createFrame({ ...frame, columns }) } };
}
