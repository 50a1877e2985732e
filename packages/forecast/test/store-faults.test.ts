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
      const { predict } = await loadForecaster((await fitTiny({ config, data })).folder, backend);
      const whole = await predict(data);
      let refused = 0;
      const calls = await atEveryCall(
        fault,
        async () => join(temporaryFolder(), 'forecaster'),
        (folder) => fitTiny({ config, data, folder }),
        async (folder, { value, error }) => {
          if (error !== undefined) {
            const code = expect.stringMatching('X');
            expect(error).toMatchObject({ code });
          }
          const loaded = await loadForecaster(folder, backend).catch((reason: { code: string }) => reason);
          if ('predict' in loaded) {
            expect(await loaded.predict(data)).toEqual(whole);
            return;
          }
          expect(value).toBeUndefined();
          expect(loaded.code).toBe('forecast/no-forecaster');
          refused++;
        },
      );
      expect(refused).toBeGreaterThan(calls - 5);
    });
  },
);
