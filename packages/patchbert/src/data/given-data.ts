import { type Frame, type Panel, panelOf, type Ratios, type Split, splitSegments } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { forecastSplits } from '@patchbert/forecast';

/**
 * Which rows train, choose and test: shares by time, the borders of one recording, or those of every recording of a panel.
 */
export type SplitOption = Ratios | Split | readonly Split[];

/**
 * Takes a frame as a panel of one recording.
 *
 * @throws PatchBertError `patchbert/bad-data` for something else, as callers without types may pass.
 */
export function panelOfData(where: string, data: Frame | Panel): Panel {
  if (isPanel(data)) return data;
  if (Array.isArray((data as Frame | undefined)?.columns)) return panelOf(data);
  throw new PatchBertError(
    'patchbert/bad-data',
    `${where}: expected a frame, as of readCsv or createFrame, or a panel, as of readLongCsv or stackFrames.`,
  );
}

export function isPanel(data: Frame | Panel): data is Panel {
  return Array.isArray((data as Panel | undefined)?.segments);
}

/**
 * One split per recording.
 *
 * @throws PatchBertError `data/bad-split`.
 */
export function splitsOf(
  { segments }: Panel,
  split: SplitOption | undefined,
  horizons: readonly number[],
): readonly Split[] {
  const given = givenSplits(segments, split) ?? forecastSplits(segments, horizons);
  if (given.length === segments.length) return given;
  throw new PatchBertError(
    'data/bad-split',
    `Forecaster: ${given.length} splits were given for ${segments.length} recordings; expected one each, or shares such as { train: 0.7, validation: 0.1 }.`,
  );
}

function givenSplits(
  segments: Panel['segments'],
  split: SplitOption | undefined,
): readonly Split[] | undefined {
  if (split === undefined) return undefined;
  return isList(split) ? split : isBorders(split) ? [split] : splitSegments(segments, split);
}

function isList(split: SplitOption): split is readonly Split[] {
  return Array.isArray(split);
}

function isBorders(split: Ratios | Split): split is Split {
  return typeof split.train === 'object';
}
