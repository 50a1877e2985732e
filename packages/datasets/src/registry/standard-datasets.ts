import { didYouMean, PatchBertError, quote } from '@patchbert/errors';
import { beijingAirQuality } from './beijing.ts';
import type { StandardDataset } from './dataset.ts';
import { ettDatasets } from './ett.ts';
import { longHorizonDatasets } from './long-horizon.ts';
import { ucrDatasets } from './ucr.ts';
import { ueaDatasets } from './uea.ts';

/**
 * Every data set known by name: the bundled one, the long-horizon forecasting benchmarks, and the UCR and
 * UEA classification archives.
 */
export const standardDatasets: readonly StandardDataset[] = [
  beijingAirQuality,
  ...ettDatasets,
  ...longHorizonDatasets,
  ...ucrDatasets,
  ...ueaDatasets,
];

const byName = new Map(standardDatasets.map((dataset) => [dataset.name, dataset]));

/**
 * The data set of a name, spelled as in the papers.
 *
 * @throws PatchBertError `datasets/unknown-dataset` with the nearest name.
 * @example
 * findDataset('ETTh1').licence; // 'CC BY-ND 4.0'
 */
export function findDataset(name: string): StandardDataset {
  const dataset = byName.get(name);
  if (dataset !== undefined) return dataset;
  const forecasting = standardDatasets
    .filter(({ task }) => task === 'forecasting')
    .map((known) => known.name);
  const hint =
    didYouMean(name, [...byName.keys()]) ||
    ` Known: ${forecasting.join(', ')}, and the names of the UCR and UEA archives.`;
  throw new PatchBertError(
    'datasets/unknown-dataset',
    `findDataset: there is no data set ${quote(name)}.${hint}`,
  );
}
