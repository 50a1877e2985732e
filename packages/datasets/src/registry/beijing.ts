import type { ForecastingDataset } from './dataset.ts';

/** The data set that comes with this package: hourly air quality and weather, with real gaps. */
export const beijingAirQuality: ForecastingDataset = {
  name: 'beijing-air-quality',
  task: 'forecasting',
  title: 'Beijing PM2.5 and weather, 2010-2014',
  licence: 'CC BY 4.0',
  citation:
    'Chen, S. (2015). Beijing PM2.5 [Dataset]. UCI Machine Learning Repository. https://doi.org/10.24432/C5JS49',
  homepage: 'https://archive.ics.uci.edu/dataset/381/beijing+pm2+5+data',
  files: [
    {
      name: 'beijing-air-quality.csv.gz',
      role: 'series',
      sha256: ['63b519ffa4460facccc8f4f099594ae8a04681d63b7d7a50c02b4724a93645a1'],
    },
  ],
  folders: [],
  notes:
    '2,067 of 43,824 PM2.5 values are missing and stay missing. Times are local, without zone. The split is by year: 2010-2012, 2013, 2014.',
  rows: 43_824,
  channels: 7,
  interval: '1 hour',
  protocol: { kind: 'borders', trainEnd: 26_304, validationEnd: 35_064, testEnd: 43_824 },
  horizons: [24, 48, 96, 192],
  units: {
    'pm2.5': 'µg/m³',
    DEWP: '°C',
    TEMP: '°C',
    PRES: 'hPa',
    Iws: 'm/s, cumulated',
    Is: 'hours of snow',
    Ir: 'hours of rain',
  },
  bundled: true,
};
