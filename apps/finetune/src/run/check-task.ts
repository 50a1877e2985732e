import { panelOf, type Split, selectChannels, windowGrid } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import type { ForecastConfig } from '@patchbert/forecast';
import type { SplitData } from '../source/open-source.ts';

/**
 * Checks what can be known before an encoder is pretrained, so that nobody waits for a fit that cannot begin: names of
 * channels, time stamps for the calendar, and rows for every horizon.
 *
 * @throws PatchBertError as `selectChannels` and `windowGrid`; `finetune/no-times`.
 */
export function checkTask(
  { target, covariates, calendar, horizons }: ForecastConfig,
  { frame, segments = panelOf(frame).segments, splits }: SplitData,
  contextLength: number,
): void {
  const named = [...(target === undefined ? [] : [target]), ...covariates];
  if (named.length > 0) selectChannels(frame, [...new Set(named)]);
  if (calendar && frame.times === undefined) {
    throw new PatchBertError(
      'finetune/no-times',
      `--calendar needs time stamps, and ${JSON.stringify(frame.name)} has none; name their column with --time-column.`,
    );
  }
  const windowLength = contextLength + Math.max(...horizons);
  for (const part of ['train', 'validation', 'test'] as const satisfies readonly (keyof Split)[]) {
    windowGrid(
      splits.map((split) => split[part]),
      {
        windowLength,
        contextLength: part === 'train' ? 0 : contextLength,
        earliest: segments.map(({ start }) => start),
      },
    );
  }
}
