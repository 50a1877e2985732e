import type { ForecastingDataset } from './dataset.ts';

const RAW = 'https://raw.githubusercontent.com/zhouhaoyi/ETDataset/main/ETT-small';

/** Electricity transformer temperature: two stations, hourly and quarter-hourly. */
export const ettDatasets: readonly ForecastingDataset[] = [
  // The second hash is the same file with CRLF line ends.
  ett('ETTh1', 1, [
    'f18de3ad269cef59bb07b5438d79bb3042d3be49bdeecf01c1cd6d29695ee066',
    'aaf53becad03ad8a7e93cf96452244f423480df960d769e12d66d4a5c570ddb0',
  ]),
  ett('ETTh2', 1, [
    'a3dc2c597b9218c7ce1cd55eb77b283fd459a1d09d753063f944967dd6b9218b',
    'ae5c99b925fb8b4e77d1bd6a897b311d1167766076f3d00e14a8654de38e7468',
  ]),
  ett('ETTm1', 4, [
    '6ce1759b1a18e3328421d5d75fadcb316c449fcd7cec32820c8dafda71986c9e',
    'f8a9f83e816439447a4b0c523039ac618bd9b97b9e97d48d0c3f71feb1899ddc',
  ]),
  ett('ETTm2', 4, [
    'db973ca252c6410a30d0469b13d696cf919648d0f3fd588c60f03fdbdbadd1fd',
    'fa470b4ffeac8f96f325abf027fe1c3cad1149560eabffc6d254abb72de21a62',
  ]),
];

function ett(name: string, rowsPerHour: 1 | 4, sha256: readonly string[]): ForecastingDataset {
  return {
    name,
    task: 'forecasting',
    title: `Electricity transformer temperature, station ${name.at(-1)}, ${rowsPerHour === 1 ? 'hourly' : 'every 15 minutes'}`,
    licence: 'CC BY-ND 4.0',
    citation:
      'Zhou, H., Zhang, S., Peng, J., Zhang, S., Li, J., Xiong, H., Zhang, W. (2021). Informer: Beyond Efficient Transformer for Long Sequence Time-Series Forecasting. AAAI.',
    homepage: 'https://github.com/zhouhaoyi/ETDataset',
    files: [{ name: `${name}.csv`, role: 'series', url: `${RAW}/${name}.csv`, sha256 }],
    folders: ['forecasting', '', 'ETT-small', 'ETT'],
    notes: 'The benchmark uses the first 20 months of 30 days; the rows after them are not evaluated.',
    rows: 17_420 * rowsPerHour,
    channels: 7,
    interval: rowsPerHour === 1 ? '1 hour' : '15 minutes',
    protocol: { kind: 'ett', rowsPerHour },
    horizons: [96, 192, 336, 720],
  };
}
