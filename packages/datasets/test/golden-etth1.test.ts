import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeFrame, fitScaler, gridWindowCount, windowGrid } from '@patchbert/data';
import { openForecastingDataset, resolveDataset } from '@patchbert/datasets';
import { expect, test } from 'vitest';

const dataDirectory =
  process.env.PATCHBERT_DATA_DIR ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));

test('ETTh1 has the published rows, borders and windows', async () => {
  const { frame, split, source } = await openForecastingDataset('ETTh1', { dataDirectory });
  expect(source.files).toMatchObject([{ name: 'ETTh1.csv', known: true }]);
  expect(frame.channels).toEqual(['HUFL', 'HULL', 'MUFL', 'MULL', 'LUFL', 'LULL', 'OT']);
  expect(describeFrame(frame)).toMatchObject({
    rows: 17_420,
    firstTime: '2016-07-01T00:00:00.000Z',
    lastTime: '2018-06-26T19:00:00.000Z',
    intervalSeconds: 3600,
    irregularSteps: 0,
  });
  expect(split).toEqual({
    train: { start: 0, end: 8640 },
    validation: { start: 8640, end: 11_520 },
    test: { start: 11_520, end: 14_400 },
  });
  const windows = (['train', 'validation', 'test'] as const).map((part) =>
    gridWindowCount(
      windowGrid(split[part], { windowLength: 512 + 96, contextLength: part === 'train' ? 0 : 512 }),
    ),
  );
  expect(windows).toEqual([8033, 2785, 2785]);

  // Mean and deviation of OT over the training rows, as scikit-learn's StandardScaler has them.
  const scaler = fitScaler(frame, split.train);
  expect(scaler.mean[6]).toBeCloseTo(17.128262, 5);
  expect(scaler.scale[6]).toBeCloseTo(9.176491, 5);
});

test('ETTh1 is downloaded once, checked, and then taken from the cache', async () => {
  const { paths } = await resolveDataset('ETTh1', { dataDirectory });
  let requests = 0;
  const server = createServer((_, response) => {
    requests++;
    createReadStream(paths[0]!).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cacheDirectory = await mkdtemp(join(tmpdir(), 'patchbert-cache-'));
  try {
    const port = (server.address() as AddressInfo).port;
    const download: typeof fetch = (_, init) => fetch(`http://127.0.0.1:${port}/`, init);
    const first = await openForecastingDataset('ETTh1', { cacheDirectory, download });
    const second = await openForecastingDataset('ETTh1', { cacheDirectory, download });
    expect(first.source.files[0]!.origin).toBe('download');
    expect(second.source.files[0]!.origin).toBe('cache');
    expect(requests).toBe(1);
    expect(second.frame.columns).toEqual(first.frame.columns);
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(cacheDirectory, { recursive: true });
  }
});
