import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  type DownloadRequest,
  downloadFile,
  openForecastingDataset,
  resolveDataset,
} from '@patchbert/datasets';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbert-datasets-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(path: string, text = 'x'): Promise<string> {
  const full = join(folder, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, text);
  return full;
}

describe('a data directory', () => {
  test.each(['ETTh1.csv', 'forecasting/ETTh1.csv', 'ETT-small/ETTh1.csv'])('finds %s', async (path) => {
    const full = await put(path);
    const { paths, files } = await resolveDataset('ETTh1', { dataDirectory: folder });
    expect(paths).toEqual([full]);
    expect(files[0]).toMatchObject({ name: 'ETTh1.csv', role: 'series', origin: 'data directory' });
  });

  test.each(['ucr/GunPoint', 'GunPoint', 'ucr', '.'])(
    'finds both files of an archive set in %s',
    async (at) => {
      const test_ = await put(join(at, 'GunPoint_TEST.tsv'));
      const train = await put(join(at, 'GunPoint_TRAIN.tsv'));
      expect((await resolveDataset('GunPoint', { dataDirectory: folder })).paths).toEqual([train, test_]);
    },
  );

  test('takes the other format when only that is complete, and never mixes formats', async () => {
    await put('uea/NATOPS/NATOPS_TRAIN.ts');
    const paths = [await put('uea/NATOPS/NATOPS_TRAIN.arff'), await put('uea/NATOPS/NATOPS_TEST.arff')];
    expect((await resolveDataset('NATOPS', { dataDirectory: folder })).paths).toEqual(paths);
    const complete = await put('uea/NATOPS/NATOPS_TEST.ts');
    expect((await resolveDataset('NATOPS', { dataDirectory: folder })).paths[1]).toBe(complete);
  });

  test('a folder with the name of the file is not the file', async () => {
    await mkdir(join(folder, 'ETTh1.csv'));
    await expect(resolveDataset('ETTh1', { dataDirectory: folder })).rejects.toMatchObject({
      code: 'datasets/missing-file',
    });
  });
});

describe('a missing file', () => {
  test('says where to get it and where to put it', async () => {
    await expect(resolveDataset('ETTh1', { dataDirectory: folder })).rejects.toMatchObject({
      code: 'datasets/missing-file',
      message: `resolveDataset: "ETTh1" needs the file "ETTh1.csv" from https://raw.githubusercontent.com/zhouhaoyi/ETDataset/main/ETT-small/ETTh1.csv; put it at ${JSON.stringify(join(folder, 'forecasting/ETTh1.csv'))}, or pass cacheDirectory and download to have it fetched.`,
    });
    await put('ucr/GunPoint/GunPoint_TRAIN.tsv');
    await expect(resolveDataset('GunPoint', { dataDirectory: folder })).rejects.toThrow(
      `"GunPoint_TEST.tsv" from https://www.cs.ucr.edu/~eamonn/time_series_data_2018/; put it at ${JSON.stringify(join(folder, 'ucr/GunPoint/GunPoint_TEST.tsv'))}.`,
    );
    await expect(resolveDataset('weather')).rejects.toThrow('pass dataDirectory, a folder that holds');
  });

  test('is not fetched unless a download is passed', async () => {
    await expect(resolveDataset('ETTh1', { cacheDirectory: folder })).rejects.toMatchObject({
      code: 'datasets/missing-file',
    });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('opening', () => {
  test('a file of another shape is refused', async () => {
    await put('weather.csv', 'date,OT\n2020-01-01,1\n');
    await expect(openForecastingDataset('weather', { dataDirectory: folder })).rejects.toMatchObject({
      code: 'datasets/unexpected-shape',
      message: expect.stringContaining(
        'has 1 rows of 1 channels, weather has 52696 of 21; is it the file of another data set?',
      ),
    });
  });

  test('a changed file in the cache is refused', async () => {
    await put('forecasting/ETTh1.csv', 'date,OT\n2020-01-01,1\n');
    await expect(openForecastingDataset('ETTh1', { cacheDirectory: folder })).rejects.toThrow(
      'has changed since it was stored',
    );
  });

  test('a file of the right shape but unknown bytes in the data directory is opened and said to be unknown', async () => {
    const rows = Array.from({ length: 966 }, (_, i) => {
      const week = new Date(Date.UTC(2002, 0, 1 + 7 * i)).toISOString().slice(0, 10);
      return `${week},${[1, 2, 3, 4, 5, 6, i].join(',')}`;
    });
    await put('illness/national_illness.csv', ['date,a,b,c,d,e,f,OT', ...rows].join('\r\n'));
    const { frame, split, source } = await openForecastingDataset('illness', { dataDirectory: folder });
    expect(frame.columns[6]![965]).toBe(965);
    expect(split.test).toEqual({ start: 773, end: 966 });
    expect(source.files).toMatchObject([
      { name: 'national_illness.csv', origin: 'data directory', known: false },
    ]);
  });

  test('a classification set is not one series', async () => {
    await expect(openForecastingDataset('GunPoint')).rejects.toMatchObject({
      code: 'datasets/not-forecasting',
    });
  });
});

describe('downloading', () => {
  const content = 'date,OT\n2020-01-01,1\n'.repeat(10_000);
  const sha256 = createHash('sha256').update(content).digest('hex');
  let server: Server;
  let origin: string;
  let requests = 0;

  beforeAll(async () => {
    server = createServer((request, response) => {
      requests++;
      if (request.url === '/good.csv') response.end(content);
      else if (request.url === '/cut.csv') {
        response.writeHead(200, { 'content-length': content.length });
        response.write(content.slice(0, 1000), () => response.destroy());
      } else if (request.url === '/hangs.csv') response.write('x');
      else if (request.url === '/mute.csv') return;
      else if (request.url === '/drips.csv') {
        const drip = setInterval(() => response.write('x'), 20);
        response.on('close', () => clearInterval(drip));
      } else if (request.url === '/bomb.csv') {
        response.writeHead(200, { 'content-encoding': 'gzip' });
        response.end(gzipSync(Buffer.alloc(5_000_000)));
      } else if (request.url?.startsWith('/to/')) {
        response.writeHead(302, { location: decodeURIComponent(request.url.slice(4)) }).end();
      } else response.writeHead(404, 'Not Found').end('<html>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  type Limits = Partial<
    Pick<DownloadRequest, 'signal' | 'mostBytes' | 'longestSilence' | 'longestTime' | 'download'>
  >;
  const get = (name: string, { hashes, ...limits }: Limits & { readonly hashes?: string[] } = {}) =>
    downloadFile({
      url: `${origin}/${name}`,
      sha256: hashes ?? [sha256],
      path: join(folder, 'deep/er', basename(name)),
      download: fetch,
      ...limits,
    });
  const redirect = (address: string) => `to/${encodeURIComponent(address)}`;

  const left = async () => (await readdir(folder, { recursive: true })).filter((path) => path.includes('.'));

  test('the whole, right file arrives and nothing else is left', async () => {
    await get('good.csv', { hashes: ['0'.repeat(64), sha256] });
    expect(await readFile(join(folder, 'deep/er/good.csv'), 'utf8')).toBe(content);
    expect(await left()).toEqual([join('deep/er/good.csv')]);
  });

  test('two at once do not disturb each other', async () => {
    await Promise.all([get('good.csv'), get('good.csv')]);
    expect(await readFile(join(folder, 'deep/er/good.csv'), 'utf8')).toBe(content);
  });

  test.each([
    [
      'a wrong hash',
      'good.csv',
      ['0'.repeat(64)],
      'datasets/wrong-hash',
      `gave a file with SHA-256 ${sha256}, expected 000`,
    ],
    ['an error answer', 'none.csv', undefined, 'datasets/download-failed', 'answered 404 Not Found'],
    ['a cut connection', 'cut.csv', undefined, 'datasets/download-failed', 'failed: '],
  ])('%s leaves nothing and is said in one line', async (_, name, hashes, code, problem) => {
    const failure = (await get(name, hashes === undefined ? {} : { hashes }).catch(
      (error) => error,
    )) as Error;
    expect(failure).toMatchObject({ code });
    expect(failure.message).toContain(problem);
    expect(failure.message).toContain(`put it at ${JSON.stringify(join(folder, 'deep/er', name))}.`);
    expect(failure.message).not.toContain('\n');
    expect(await left()).toEqual([]);
  });

  test('no server, and a folder that cannot be written', async () => {
    const path = join(folder, 'x.csv');
    const request = { url: 'http://127.0.0.1:9/x.csv', sha256: [sha256], path, download: fetch };
    await expect(downloadFile(request)).rejects.toMatchObject({ code: 'datasets/download-failed' });
    await put('file');
    await expect(downloadFile({ ...request, path: join(folder, 'file/x.csv') })).rejects.toMatchObject({
      code: 'datasets/download-failed',
    });
  });

  test('an aborted download throws the reason and leaves nothing', async () => {
    const controller = new AbortController();
    const running = get('hangs.csv', { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('stopped by the user')), 50);
    await expect(running).rejects.toThrow('stopped by the user');
    expect(await left()).toEqual([]);
  });

  test.each<[string, string, Limits, string]>([
    ['more bytes than allowed', 'good.csv', { mostBytes: 1000 }, 'sent more than 1000 bytes'],
    [
      'a small answer that unpacks to a large one',
      'bomb.csv',
      { mostBytes: 100_000 },
      'sent more than 100000',
    ],
    ['silence before the answer', 'mute.csv', { longestSilence: 50 }, 'sent nothing for 0.05 s'],
    ['silence within the answer', 'hangs.csv', { longestSilence: 50 }, 'sent nothing for 0.05 s'],
    ['an answer that drips for ever', 'drips.csv', { longestTime: 200 }, 'took more than 0.2 s'],
  ])('%s is refused and leaves nothing', async (_, name, limits, problem) => {
    await expect(get(name, limits)).rejects.toMatchObject({
      code: 'datasets/download-failed',
      message: expect.stringContaining(problem),
    });
    expect(await left()).toEqual([]);
  });

  test('silence ends it even where the fetch that was passed ignores the signal', async () => {
    const deaf: typeof fetch = (address) => fetch(address);
    for (const name of ['mute.csv', 'hangs.csv']) {
      await expect(get(name, { download: deaf, longestSilence: 50 })).rejects.toThrow('sent nothing');
    }
    expect(await left()).toEqual([]);
  });

  test('redirects are followed, five at most', async () => {
    await get(redirect(`/${redirect('/good.csv')}`));
    expect((await left()).length).toBe(1);
    await rm(join(folder, 'deep'), { recursive: true });
    const round: typeof fetch = async () =>
      new Response(null, { status: 302, headers: { location: '/again' } });
    await expect(get('good.csv', { download: round })).rejects.toThrow('redirects more than 5 times');
    expect(await left()).toEqual([]);
  });

  test.each([
    'file:///etc/passwd',
    'ftp://127.0.0.1/x',
    'data:text/csv,x',
    'javascript:1',
    'http://[',
    '//[',
  ])('a redirect to %s is not followed', async (address) => {
    await expect(get(redirect(address))).rejects.toMatchObject({
      code: 'datasets/download-failed',
      message: expect.stringContaining('which is not followed'),
    });
    expect(await left()).toEqual([]);
  });

  test('a redirect from https to http is not followed', async () => {
    const asked: string[] = [];
    const download: typeof fetch = async (address) => {
      asked.push(String(address));
      return new Response(null, { status: 301, headers: { location: `${origin}/good.csv` } });
    };
    const request = {
      url: 'https://data.test/x.csv',
      sha256: [sha256],
      path: join(folder, 'x.csv'),
      download,
    };
    await expect(downloadFile(request)).rejects.toThrow('which is not followed');
    expect(asked).toEqual(['https://data.test/x.csv']);
  });

  test('what a server sends in place of a known file is refused, and its good copy is not replaced', async () => {
    const download: typeof fetch = () => fetch(`${origin}/good.csv`);
    await expect(resolveDataset('exchange', { cacheDirectory: folder, download })).rejects.toMatchObject({
      code: 'datasets/wrong-hash',
    });
    const cached = await put('forecasting/exchange_rate.csv');
    const before = requests;
    const { files } = await resolveDataset('exchange', { cacheDirectory: folder, download });
    expect(files).toMatchObject([{ path: cached, origin: 'cache' }]);
    expect(requests).toBe(before);
  });
});
