import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atEveryCall } from '../../../tests/support/file-system-faults.ts';
import { loadForecaster } from '../src/index.ts';
import { fitTiny, temporaryFolder, testBackend, waves } from './support/tiny-forecaster.ts';

/** A fit that is over at once. */
const config = { linearWeight: 1 } as const;
const data = { frame: waves({ rows: 200, channels: ['load'] }) };

describe.each([{ kind: 'stops' }, { kind: 'fails from then on', code: 'ENOSPC' }] as const)(
  'a fit that writes its folder, where every write and rename in turn $kind',
  (fault) => {
    it('leaves a forecaster that is whole, or none', async () => {
      const backend = await testBackend();
      const predict = async (folder: string) => (await loadForecaster(folder, backend)).predict(data);
      const expected = await predict((await fitTiny({ config, data })).folder);
      const faults = await atEveryCall(fault, {
        only: ['writeFile', 'rename'],
        prepare: async () => join(temporaryFolder(), 'forecaster'),
        run: (folder) => fitTiny({ config, data, folder }),
        async check(folder, { value, error }) {
          if (error !== undefined) expect(error).toMatchObject({ code: 'train/file-not-written' });
          if (value !== undefined) expect(await predict(folder)).toEqual(expected);
          else await expect(predict(folder)).rejects.toMatchObject({ code: 'forecast/no-forecaster' });
        },
      });
      expect(faults).toBeGreaterThan(10);
    });
  },
);
