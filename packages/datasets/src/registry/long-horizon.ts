import type { ForecastingDataset } from './dataset.ts';

const MIRROR = 'https://huggingface.co/datasets/thuml/Time-Series-Library/resolve/main';
const PREPARED =
  'as prepared for Wu, H., Xu, J., Wang, J., Long, M. (2021). Autoformer: Decomposition Transformers with Auto-Correlation for Long-Term Series Forecasting. NeurIPS.';

/** The other long-horizon benchmarks, with the files of Autoformer and the Time-Series-Library. */
export const longHorizonDatasets: readonly ForecastingDataset[] = [
  benchmark({
    name: 'weather',
    title: 'Weather in Jena, 2020, every 10 minutes',
    licence: 'unknown',
    citation: `Max Planck Institute for Biogeochemistry, Jena; ${PREPARED}`,
    path: 'weather/weather.csv',
    sha256: [
      '34ee981d07313e51da2a50bb600072c8ae4a69cb4b0651f4cb93a069d7a2ba63',
      '9b2b19b13e342d9c9b9c51620d42b4be232df7fba30e7f5c4968b7c79ab138ad', // CRLF line ends
    ],
    notes:
      'One time stamp (2020-05-12 06:00) comes twice, and sensor faults are written as -9999; both stay, as in published results. Not the WTH file of Informer.',
    rows: 52_696,
    channels: 21,
    interval: '10 minutes',
  }),
  benchmark({
    name: 'electricity',
    title: 'Electricity load of 321 clients, hourly',
    licence: 'CC BY 4.0 (UCI source)',
    citation: `Trindade, A. (2015). ElectricityLoadDiagrams20112014. UCI. https://doi.org/10.24432/C58C86; ${PREPARED}`,
    path: 'electricity/electricity.csv',
    sha256: ['7e45845d54c5219bad0ae6bc1b5316cf8ff9cead5d33fa998a5a51c2e4a497ad'],
    rows: 26_304,
    channels: 321,
    interval: '1 hour',
  }),
  benchmark({
    name: 'traffic',
    title: 'Road occupancy at 862 sensors near San Francisco, hourly',
    licence: 'unknown',
    citation: `California Department of Transportation, PeMS; ${PREPARED}`,
    path: 'traffic/traffic.csv',
    sha256: ['cb06463d56fa17d87f47027cd9389ceae82a69eddee51cdb61480e120dab0b16'],
    rows: 17_544,
    channels: 862,
    interval: '1 hour',
  }),
  benchmark({
    name: 'exchange',
    title: 'Exchange rates of eight countries, daily',
    licence: 'unknown',
    citation: `Lai, G., Chang, W.-C., Yang, Y., Liu, H. (2018). Modeling Long- and Short-Term Temporal Patterns with Deep Neural Networks. SIGIR; ${PREPARED}`,
    path: 'exchange_rate/exchange_rate.csv',
    sha256: ['48b4d9d3d508f5104162e85b9a6042e3557fde11aa9f2944eba8c0d0efc89842'],
    rows: 7_588,
    channels: 8,
    interval: '1 day',
  }),
  benchmark({
    name: 'illness',
    title: 'Influenza-like illness in the United States, weekly',
    licence: 'unknown',
    citation: `US Centers for Disease Control and Prevention, ILINet; ${PREPARED}`,
    path: 'illness/national_illness.csv',
    sha256: ['93601f64d2566dc796ca4305adad8b8560c2db1a1ff04543c3bd813a7263570a'],
    rows: 966,
    channels: 7,
    interval: '1 week',
    horizons: [24, 36, 48, 60],
  }),
];

interface Benchmark
  extends Pick<
    ForecastingDataset,
    'name' | 'title' | 'licence' | 'citation' | 'rows' | 'channels' | 'interval'
  > {
  readonly path: string;
  readonly sha256: readonly string[];
  readonly notes?: string;
  readonly horizons?: readonly number[];
}

function benchmark({
  path,
  sha256,
  horizons = [96, 192, 336, 720],
  ...facts
}: Benchmark): ForecastingDataset {
  const [folder, file] = path.split('/') as [string, string];
  return {
    ...facts,
    task: 'forecasting',
    homepage: 'https://github.com/thuml/Time-Series-Library',
    files: [{ name: file, role: 'series', url: `${MIRROR}/${path}`, sha256 }],
    folders: ['forecasting', '', folder],
    protocol: { kind: 'ratio', train: 0.7, validation: 0.1 },
    horizons,
  };
}
