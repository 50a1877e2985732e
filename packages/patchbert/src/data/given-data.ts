import { type Frame, type Panel, panelOf } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';

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
