import type { ClassificationRun, MapPoint, MethodScore, Mistake, ShownSeries } from '@patchbert/report';

const gestures = ['I have command', 'All clear', 'Not clear', 'Spread wings', 'Fold wings', 'Lock wings'];

/** A made-up classifier with the shape of a real one: six gestures, a few channels, three members. */
export function exampleClassificationRun(): ClassificationRun {
  const counts = gestures.map((_, row) =>
    gestures.map((_, column) =>
      row === column ? 28 : (row === 1 && column === 2) || (row === 2 && column === 1) ? 2 : 0,
    ),
  );
  return {
    title: 'Gestures',
    created: '2026-03-02T14:05:00Z',
    command: 'npx patchbert-finetune classify --train gestures_TRAIN.ts --test gestures_TEST.ts',
    task: 'classification',
    summary: {
      trainSeries: 180,
      testSeries: 172,
      classes: 6,
      channels: 3,
      shortest: 40,
      longest: 51,
      members: 3,
      strategy: 'fine-tuned and ridge',
      seconds: 98.4,
    },
    level: 0.95,
    results: [
      score('PatchBERT', 'ours', 0.977, [0.953, 0.994]),
      score('Fine-tuned head', 'readout', 0.961, [0.93, 0.98]),
      score('Ridge on features', 'readout', 0.965, [0.94, 0.985]),
      score('Seed 0', 'member', 0.958),
      score('Seed 1', 'member', 0.969),
      score('Seed 2', 'member', 0.963),
      score('1-nearest neighbour, DTW', 'baseline', 0.883, [0.83, 0.92]),
      score('1-nearest neighbour, Euclid', 'baseline', 0.85, [0.79, 0.9]),
      score('Ridge on summary statistics', 'baseline', 0.822, [0.76, 0.88]),
      score('Majority class', 'baseline', 0.167, [0.11, 0.22]),
      score('From scratch, equal steps', 'control', 0.967, [0.94, 0.99]),
      score('From scratch, equal compute', 'control', 0.972, [0.945, 0.992]),
      score('Ridge on frozen features', 'probe', 0.917, [0.87, 0.95]),
      score('Ridge on random features', 'probe', 0.896, [0.85, 0.94]),
    ],
    verdict: 'Better than every baseline; within the interval of the same network from scratch.',
    confusion: { classes: gestures, counts },
    perClass: gestures.map((label, index) => ({
      label,
      support: index === 1 || index === 2 ? 30 : 28,
      precision: index === 1 || index === 2 ? 0.933 : 1,
      recall: index === 1 || index === 2 ? 0.933 : 1,
      f1: index === 1 || index === 2 ? 0.933 : 1,
      auroc: 0.995,
    })),
    training: ['Seed 0: pretraining', 'Seed 0: fine-tuning'].map((name, index) => ({
      name,
      points: Array.from({ length: 200 }, (_, step) => ({
        step: step + 1,
        loss: 0.3 + (1 + index) * Math.exp(-step / 40) + 0.05 * wave(step + 99 * index),
        ...(index === 0 && (step + 1) % 20 === 0 && { validation: 0.35 + Math.exp(-step / 35) }),
      })),
    })),
    map: { method: 'PCA', explained: [0.41, 0.17], points: mapPoints() },
    reconstructions: ['Hand, x', 'Elbow, y'].map((channel, index) => ({
      title: `Series ${4 + index}`,
      channel,
      values: series(index, 51),
      hidden: Array.from({ length: 51 }, (_, point) => Math.floor(point / 6) % 3 === index),
      reconstruction: series(index, 51).map((value, point) =>
        value !== null && Math.floor(point / 6) % 3 === index ? 0.9 * value + 0.05 : null,
      ),
    })),
    mistakes: [mistake(17, 0.97), mistake(112, 0.74)],
    reliability: [
      { confidence: 0.45, accuracy: 0.5, count: 4 },
      { confidence: 0.62, accuracy: 0.7, count: 10 },
      { confidence: 0.78, accuracy: 0.9, count: 20 },
      { confidence: 0.88, accuracy: 0.96, count: 38 },
      { confidence: 0.97, accuracy: 1, count: 100 },
    ],
    selection: [
      {
        what: 'Patch length',
        candidates: [4, 6, 8].map((length) => ({
          label: String(length),
          score: 0.95 + length / 1000,
          chosen: length === 8,
        })),
      },
      {
        what: 'Ridge penalty, seed 0',
        measure: 'leave-one-out squared error',
        better: 'lower',
        candidates: [1, 10, 100].map((penalty) => ({
          label: String(penalty),
          score: 0.2 + penalty / 900,
          chosen: penalty === 1,
        })),
      },
    ],
    data: {
      name: 'Gestures',
      channels: ['Hand, x', 'Hand, y', 'Elbow, y'],
      parts: [part('train', 180, 0), part('test', 172, 14)],
      licence: 'CC BY 4.0',
      citation: 'Somebody (2012). Gestures.',
      sha256: '9d7b1e0c',
    },
    facts: [
      { label: 'Seeds', value: '0, 1, 2' },
      { label: 'Labels', value: 'all of the training file' },
    ],
    audit: [
      { check: 'Series alone and in a batch', passed: true, detail: 'Largest change 0.' },
      { check: 'What padding holds', passed: true, detail: 'Largest change 0.' },
    ],
    configuration: { seed: 0, head: { dropout: 0.2, pooling: ['mean', 'max', 'deviation'] } },
  };
}

/** A made-up regressor of one number per series. */
export function exampleRegressionRun(): ClassificationRun {
  const { confusion: _, perClass: __, reliability: ___, mistakes, ...run } = exampleClassificationRun();
  const error = (method: string, kind: MethodScore['kind'], rmse: number): MethodScore => ({
    method,
    kind,
    rmse,
    mae: 0.8 * rmse,
    r2: 1 - rmse / 20,
    interval: [0.85 * rmse, 1.15 * rmse],
  });
  return {
    ...run,
    task: 'regression',
    summary: { ...run.summary, classes: 0 },
    results: [
      error('PatchBERT', 'ours', 3.2),
      error('Ridge on summary statistics', 'baseline', 4),
      error('Mean of the training targets', 'baseline', 12.5),
      error('From scratch, equal steps', 'control', 3.5),
    ],
    verdict: '',
    map: {
      method: 'UMAP',
      points: mapPoints().map(({ correct: _, ...point }, index) => ({
        ...point,
        label: String(40 + (index % 50)),
      })),
    },
    mistakes: mistakes!.map((mistake) => ({
      ...mistake,
      truth: '52.1',
      predicted: '61.4',
      probability: null,
    })),
    scatter: Array.from({ length: 172 }, (_, index) => ({
      truth: 40 + (index % 50),
      predicted: 40 + (index % 50) + 4 * wave(index),
    })),
    selection: run.selection.map(({ measure: _, better: __, ...choice }) => choice),
    data: {
      ...run.data,
      parts: run.data.parts.map(({ classes: _, ...rest }) => ({
        ...rest,
        targetRange: { minimum: 40, maximum: 89 },
      })),
    },
  };
}

function score(
  method: string,
  kind: MethodScore['kind'],
  accuracy: number,
  interval?: readonly [number, number],
): MethodScore {
  return {
    method,
    kind,
    accuracy,
    balancedAccuracy: accuracy - 0.001,
    macroF1: accuracy - 0.002,
    ...(kind !== 'member' && {
      logLoss: 1.1 - accuracy,
      auroc: 0.5 + accuracy / 2.01,
      calibrationError: (1.05 - accuracy) / 4,
    }),
    ...(interval !== undefined && { interval }),
  };
}

function part(name: string, count: number, missing: number) {
  return {
    part: name,
    series: count,
    shortest: 40,
    longest: 51,
    missing,
    classes: gestures.map((label) => ({ label, count: Math.floor(count / 6) })),
  };
}

/** Six clouds, of which two overlap. */
function mapPoints(): MapPoint[] {
  return Array.from({ length: 352 }, (_, index) => {
    const label = index % 6;
    const angle = label === 2 ? 1.3 : label;
    const test = index >= 180;
    return {
      x: 4 * Math.cos(angle) + 1.1 * wave(index),
      y: 2.4 * Math.sin(angle) + 0.8 * wave(index + 5000),
      label: gestures[label]!,
      part: test ? ('test' as const) : ('train' as const),
      ...(test && { correct: index % 60 !== 19 }),
    };
  });
}

function mistake(id: number, probability: number): Mistake {
  return {
    ...shown(id, 'All clear', 'Not clear', probability),
    nearest: shown(id + 1, 'All clear', 'All clear', 0.99),
  };
}

function shown(id: number, truth: string, predicted: string, probability: number): ShownSeries {
  return {
    title: `Series ${id}`,
    id: String(id),
    truth,
    predicted,
    probability,
    channels: ['Hand, x', 'Hand, y', 'Elbow, y'].map((name, index) => ({
      name,
      values: series(id + index, 51),
    })),
  };
}

/** A wave with a missing point. */
function series(salt: number, count: number): (number | null)[] {
  return Array.from({ length: count }, (_, point) =>
    point === 30 ? null : Math.sin((point + 3 * salt) / 7) + 0.1 * wave(point + 100 * salt),
  );
}

/** A repeatable wiggle between -1 and 1 without a period anybody would see. */
function wave(index: number): number {
  return (Math.sin(index * 12.9898) + Math.sin(index * 78.233) + Math.sin(index * 3.77)) / 3;
}
