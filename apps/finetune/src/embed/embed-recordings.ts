import { join } from 'node:path';
import {
  chooseBackend,
  defined,
  flagName,
  isDatasetName,
  parseSettings,
  usageError,
} from '@patchbert/command-line';
import { createPanel, type Panel, panelOf } from '@patchbert/data';
import { embeddingOptionsSchema, loadEncoder, openEmbedder } from '@patchbert/embed';
import type { EmbedFlags } from '../flags/embed-flags.ts';
import type { DataConfig } from '../run/forecast-request.ts';
import { readFittedData } from '../run/run-config.ts';
import type { Session } from '../run/session.ts';
import { withBackend } from '../run/with-backend.ts';
import { refuseFlags } from '../series/model-kind.ts';
import { insertedRowsText, openSource } from '../source/open-source.ts';
import { embeddingTarget } from './embedding-target.ts';
import { writeVectors } from './write-vectors.ts';

/** `embed` with a pretraining run, a checkpoint or a forecaster: vectors of windows, each channel alone. */
export async function embedRecordings(model: string, flags: EmbedFlags, session: Session): Promise<void> {
  refuseFlags(
    flags,
    ['seriesFormat', 'labelColumn', 'targetColumn', 'valueColumns'],
    `the encoder of "${model}" reads windows of long recordings`,
  );
  const { level, pooling, acrossChannels, stride, horizon, batchSize } = flags;
  const given = defined({ level, pooling, acrossChannels, stride });
  const options = parseSettings(embeddingOptionsSchema, given, flagName);
  const target = await embeddingTarget(flags);
  const chosen = await chooseBackend({ typed: flags.backend });
  const encoder = await loadEncoder(model, { horizon });
  const panel = await openPanel(model, flags, session);
  await withBackend(chosen, flags.threads, session, async (backend) => {
    const embedder = openEmbedder(backend, encoder, { batchSize });
    try {
      await writeVectors(embedder.embed(panel, options), target, session);
    } finally {
      embedder.dispose();
    }
  });
}

async function openPanel(model: string, flags: EmbedFlags, { onEvent }: Session): Promise<Panel> {
  const { split: _shares, ...request } = await requestOf(model, flags);
  const opened = await openSource(request, flags.dataDir);
  const inserted = insertedRowsText(opened);
  if (inserted !== undefined) onEvent({ type: 'warning', message: inserted });
  const { frame, segments } = opened;
  return segments === undefined ? panelOf(frame) : createPanel(frame, segments);
}

/** What the flags say; without data, those of the run or the fit, read as it read them. */
async function requestOf(model: string, flags: EmbedFlags): Promise<DataConfig> {
  const { data: source, timeColumn, delimiter, timeOrder, header, idColumn, regularTimes } = flags;
  const given = {
    ...(flags.channels && { channels: [...flags.channels] }),
    ...defined({ timeColumn, delimiter, timeOrder, header, idColumn, regularTimes }),
  };
  // A checkpoint lies two folders below its run.
  const known = (await readFittedData(model)) ?? (await readFittedData(join(model, '..', '..')));
  if (source === undefined) {
    if (known !== undefined) return { ...known, ...given };
    throw usageError('--data is missing: name the file or data set to embed.');
  }
  if (known?.source === source) return { ...known, ...given };
  // How a file was read says nothing about a data set; other files may have other channels, as each is encoded alone.
  if (isDatasetName(source)) return { ...given, source };
  const { channels: _channels, split: _split, ...reading } = known ?? {};
  return { ...reading, ...given, source };
}
