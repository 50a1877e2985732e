import { createFrame } from '@patchbert/data';
import { parseConfig } from '@patchbert/errors';
import { describe, expect, it } from 'vitest';
import { validationError } from '../src/evaluate/validation-error.ts';
import { forecastConfigSchema } from '../src/index.ts';
import { forecastWindows } from '../src/task/forecast-windows.ts';
import { prepareTask } from '../src/task/prepare-task.ts';

const HORIZON = 4;
const CONTEXT = 8;

/** A series of deviation 1 over the training rows, a hundred rows long, and its validation samples. */
function validation(missing: (row: number) => boolean) {
  const column = Float32Array.from({ length: 100 }, (_, i) =>
    missing(i) ? Number.NaN : i % 2 === 0 ? 3 : 1,
  );
  const frame = createFrame({ name: 'pulse', channels: ['pulse'], columns: [column] });
  const config = parseConfig(forecastConfigSchema, { horizons: [HORIZON] }, 'config');
  const { task } = prepareTask(config, { frame }, CONTEXT);
  const windows = forecastWindows(task, 'validation', HORIZON);
  const samples = Array.from({ length: windows.count }, (_, index) => windows.sample(index));
  const forecast = new Float32Array(samples.length * HORIZON).fill(2);
  return () => validationError(task, samples, { forecast, deviations: new Float64Array() }, HORIZON);
}

describe('the error on validation samples', () => {
  it('is the mean over observed points, in deviations of the training rows', () => {
    expect(validation(() => false)()).toBeCloseTo(1, 6);
    expect(validation((row) => row > 71 && row < 79)()).toBeCloseTo(1, 6);
  });

  it('over no observed point is refused, not NaN', () => {
    expect(validation((row) => row >= 70 && row < 80)).toThrow(
      expect.objectContaining({
        code: 'forecast/nothing-to-score',
        message: expect.stringContaining('validation rows hold no value of pulse'),
      }),
    );
  });
});
