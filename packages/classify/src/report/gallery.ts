import type { Backend } from '@patchbert/backend';
import type { SeriesSet } from '@patchbert/data';
import type { HostTensors } from '@patchbert/ops';
import { deriveKey, randomKey } from '@patchbert/random';
import type { ClassifyConfig } from '../config/classify-config.ts';
import type { Member } from '../member/member.ts';
import { openPredictor, type Predictions } from '../predict/predictor.ts';
import type { ClassPrediction, SeriesPrediction, ValuePrediction } from '../predict/series-prediction.ts';
import type { SeriesTask } from '../task/series-task.ts';
import { embeddingPoints, type MappedPart, type ShownMap, spreadSeries } from './embedding-points.ts';
import { reconstructedSeries, type ShownReconstruction } from './reconstructed-series.ts';
import { confidentMistakes, largestErrors, type ShownMistake } from './worst-predictions.ts';

/** `gallery.json`: what a page draws of single series. */
export interface ClassifyGallery {
  readonly map: ShownMap;
  readonly mistakes: readonly ShownMistake[];
  readonly reconstructions: readonly ShownReconstruction[];
}

export interface GalleryOptions {
  readonly task: SeriesTask;
  readonly config: ClassifyConfig;
  /** Its encoder places the series in the map. */
  readonly member: Member;
  /** Weights of a pretraining, if there was one: they fill in what is hidden. */
  readonly pretrained?: HostTensors | undefined;
  /** With what was predicted of its series. */
  readonly test?:
    | {
        readonly set: SeriesSet;
        readonly predictions: readonly SeriesPrediction[];
        readonly features: Predictions['features'];
      }
    | undefined;
  readonly map: ShownMap['method'];
  readonly backend: Backend;
}

/**
 * Draws what is shown of single series: where the encoder puts them, what was predicted worst,
 * and what pretraining fills in.
 */
export async function buildGallery(options: GalleryOptions): Promise<ClassifyGallery> {
  const { task, config, test, map } = options;
  const train = await mappedTraining(options);
  const correct =
    test && task.target.kind === 'class'
      ? test.predictions.map((prediction, i) => (prediction as ClassPrediction).label === test.set.labels![i])
      : undefined;
  const parts: MappedPart[] = [
    train,
    ...(test
      ? [{ part: 'test' as const, set: test.set, features: test.features, ...(correct && { correct }) }]
      : []),
  ];
  return {
    map: await embeddingPoints(parts, map, deriveKey(randomKey(config.seed), 'map')),
    mistakes: mistakesOf(options),
    reconstructions: await reconstructionsOf(options),
  };
}

/** Of test series where there are some: nothing of them was seen in pretraining. */
async function reconstructionsOf({ task, config, test, pretrained, backend }: GalleryOptions) {
  if (!pretrained) return [];
  return reconstructedSeries({
    inputs: task.inputs,
    parameters: pretrained,
    ...(test ? { set: test.set, part: 'test' } : { set: task.train, part: 'train' }),
    backend,
    key: deriveKey(randomKey(config.seed), 'reconstructions'),
  });
}

async function mappedTraining({ task, config, member, backend }: GalleryOptions): Promise<MappedPart> {
  const { target, inputs } = task;
  const set = spreadSeries(task.train);
  const predictor = await openPredictor(backend, { target, inputs, members: [member], config });
  try {
    return { part: 'train', set, features: await predictor.embed(set) };
  } finally {
    predictor.dispose();
  }
}

function mistakesOf({ task, test }: GalleryOptions): ShownMistake[] {
  if (!test) return [];
  const { set, predictions, features } = test;
  return task.target.kind === 'class'
    ? confidentMistakes(set, predictions as readonly ClassPrediction[], features)
    : largestErrors(set, predictions as readonly ValuePrediction[]);
}
