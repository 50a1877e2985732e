import { parseConfig } from '@patchbert/errors';
import { pretrainConfigSchema } from '@patchbert/train';
import { expect, it } from 'vitest';
import { auditMasking } from '../src/audit/audit-masking.ts';
import { forecastConfigSchema } from '../src/index.ts';
import { prepareTask } from '../src/task/prepare-task.ts';
import { waves, withColumns } from './support/tiny-forecaster.ts';

const frame = waves({ rows: 600 });
const still = withColumns(frame, (column, c) =>
  c === 0 ? column.map((_, i) => (i % 97 === 0 ? 1 : 0)) : column,
);
const gappy = withColumns(frame, (column) => column.map((value, i) => (i % 11 === 0 ? Number.NaN : value)));

it.each([
  ['many patches', frame, {}],
  ['a channel that hardly moves', still, {}],
  ['gaps', gappy, {}],
  ['padding', frame, { patchLength: 7, remainder: 'pad' }],
  ['zeros in place of hidden patches', frame, { corruption: 'zero' }],
  ['a learned token in their place', frame, { corruption: 'token' }],
  ["BERT's rule, which shows a tenth as it is", frame, { corruption: 'bert' }],
] as const)(
  'what pretraining shows the encoder does not depend on hidden patches: %s',
  (_title, data, settings) => {
    const pretraining = parseConfig(
      pretrainConfigSchema,
      { data: { source: 'waves' }, contextLength: 128, patchLength: 4, batchSize: 8, ...settings },
      'pretraining',
    );
    const config = parseConfig(forecastConfigSchema, { horizons: [8] }, 'forecast');
    const { task } = prepareTask(config, { frame: data }, 128);
    const findings = auditMasking(pretraining, task);
    expect(findings.map(({ check }) => check).join()).toContain('control');
    expect(findings.filter(({ passed }) => !passed)).toEqual([]);
  },
);
