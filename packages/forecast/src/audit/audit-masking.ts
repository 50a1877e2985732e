import { createFrame, type SeriesSample } from '@patchbert/data';
import {
  type AuditFinding,
  compareRuns,
  expectMoved,
  expectUnmoved,
  type Perturbation,
  perturbCells,
  type RunResults,
} from '@patchbert/evaluation';
import {
  assemblePretrainBatch,
  type PreparedPretraining,
  type PretrainConfig,
  patchCells,
  preparePretraining,
} from '@patchbert/train';
import type { ForecastTask } from '../task/forecast-task.ts';

/** Training series that are tried. */
const SERIES = 4;

/** What a step is trained towards, as opposed to what the encoder is given. */
const TARGETS = ['target', 'lossWeight'];

/**
 * Pretraining as it was done, on these data: what the encoder is given of a series, its normalisation included, may not
 * depend on any value inside a hidden patch, but for those that BERT's rule shows as they are. A visible patch is the control.
 */
export function auditMasking(
  config: PretrainConfig,
  { panel, splits, contextLength }: ForecastTask,
): AuditFinding[] {
  const data = { frame: panel.frame, segments: panel.segments, splits };
  // Windows as long as those of the forecaster: its positions may have been resized.
  const settings = { ...config, contextLength, data: { source: config.data.source } };
  const prepared = preparePretraining(settings, data);
  const samples = prepared.sampler.batch(0).slice(0, SERIES);
  const against = (patches: 'hidden' | 'visible', kind: Perturbation) =>
    samples.flatMap((sample, s) => {
      const before = encoderInputs(prepared, sample);
      const changed = withPatches(prepared, sample, before, patches, kind);
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
  const { inputs, masks, concealed } = assemblePretrainBatch(plan, {
    samples: [sample],
    purpose: 'training',
  });
  const results: RunResults = Object.fromEntries(
    Object.entries(inputs)
      .filter(([name]) => !TARGETS.includes(name))
      .map(([name, { data }]) => [name, data]),
  );
  return { results, masks, concealed };
}

/** The same run on data in which the hidden patches, or one visible patch, of a series are changed. */
function withPatches(
  prepared: PreparedPretraining,
  sample: SeriesSample,
  { masks, concealed }: { readonly masks: Uint8Array; readonly concealed: Uint8Array },
  patches: 'hidden' | 'visible',
  kind: Perturbation,
): PreparedPretraining {
  const { plan } = prepared;
  // An equal change of every visible patch is normalised away: the control changes the first alone.
  const firstVisible = masks.indexOf(0);
  const marked = patches === 'hidden' ? concealed : masks.map((_, patch) => (patch === firstVisible ? 1 : 0));
  const columns = perturbCells(plan.frame.columns, patchCells(plan, sample, marked), kind);
  return { ...prepared, plan: { ...plan, frame: createFrame({ ...plan.frame, columns }) } };
}
