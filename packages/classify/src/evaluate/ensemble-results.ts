import type { SeriesSet } from '@patchbert/data';
import type { Predictions, Predictor } from '../predict/predictor.ts';
import type { MethodResult } from './method-result.ts';
import { headlineScore, scorePredictions, type Truth } from './score-predictions.ts';

/** Scores of one ensemble: its mean, and how each network does by itself. */
export function ensembleResult(
  method: string,
  kind: MethodResult['kind'],
  predictions: Pick<Predictions, 'ensemble' | 'members'>,
  truth: Truth,
): MethodResult {
  return {
    method,
    kind,
    ...scorePredictions(predictions.ensemble, truth),
    ...(predictions.members.length > 1 && {
      singles: predictions.members.map((member) => headlineScore(scorePredictions(member, truth))),
    }),
  };
}

/** Scores of an ensemble and of its readouts, the ensemble first. */
function ensembleResults(predictions: Predictions, truth: Truth): MethodResult[] {
  const { head, ridge } = predictions.readouts;
  const members = predictions.members.length;
  const name = members === 1 ? 'network' : `ensemble of ${members}`;
  const ours = ensembleResult(name, 'ours', predictions, truth);
  if (!head || !ridge) return [ours];
  return [
    ours,
    { method: 'its trained heads alone', kind: 'readout', ...scorePredictions(head, truth) },
    { method: 'its ridges alone', kind: 'readout', ...scorePredictions(ridge, truth) },
  ];
}

/** Predicts and scores; with progress. */
export async function evaluatePredictor(
  predictor: Predictor,
  set: SeriesSet,
  truth: Truth,
  onProgress?: (done: number, total: number) => void,
): Promise<{ readonly predictions: Predictions; readonly results: MethodResult[] }> {
  const predictions = await predictor.predict(set, onProgress);
  return { predictions, results: ensembleResults(predictions, truth) };
}
