import type { SeriesSet } from '@patchbert/data';
import type { Embedding } from '@patchbert/embed';
import { type EmbedFlags, recordingFlags } from '../flags/embed-flags.ts';
import { outputPlace } from '../output/write-output.ts';
import type { Session } from '../run/session.ts';
import { refuseFlags } from '../series/model-kind.ts';
import { withSeriesModel } from '../series/with-series-model.ts';
import { embeddingTarget } from './embedding-target.ts';
import { embeddingLines, embeddingsCsv, type SeriesFeatures } from './series-embeddings-text.ts';
import { writeVectors } from './write-vectors.ts';

/** `embed` with a classifier or regressor: a vector per series. */
export async function embedSeries(model: string, flags: EmbedFlags, session: Session): Promise<void> {
  refuseFlags(flags, recordingFlags, `"${model}" reads whole series, all channels together`);
  const target = await embeddingTarget(flags);
  await withSeriesModel(model, flags, 'predict', session, async (loaded, series) => {
    const features = await loaded.embed(series);
    if (target.format === 'parquet' || target.format === 'safetensors') {
      await writeVectors(seriesEmbedding(features, series, model), target, session);
      return;
    }
    const ids = series.series.map(({ id }) => id);
    const place = await outputPlace(target.path, session.stdout);
    session.closeProgress();
    await place.write(
      target.format === 'json' ? embeddingLines(ids, features) : embeddingsCsv(ids, features),
    );
  });
}

/** Vectors of series as those of windows: each is a recording of one window, its own length. */
function seriesEmbedding(
  { rows, columns, values }: SeriesFeatures,
  { series, channels }: SeriesSet,
  model: string,
): Embedding {
  const index = (first = 0, count = rows - first) => {
    const some = series.slice(first, first + count);
    return {
      recording: Int32Array.from(some, (_, i) => first + i),
      firstRow: new Int32Array(some.length),
      lastRow: Int32Array.from(some, (one) => one.values[0]!.length - 1),
    };
  };
  return {
    level: 'window',
    pooling: 'none',
    shape: [rows, columns],
    recordings: series.map(({ id }) => id),
    channels,
    hasTimes: false,
    facts: { encoder: model, level: 'window' },
    index,
    async *batches() {
      yield { firstWindow: 0, windows: rows, vectors: Float32Array.from(values) };
    },
  };
}
