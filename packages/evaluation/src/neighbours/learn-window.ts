import { PatchBertError } from '@patchbert/errors';
import { checkWhole } from '../check-whole.ts';
import { type ChannelValues, comparableSeries, longestOf } from './comparable-series.ts';
import { envelopeOf, keoghBound } from './envelope.ts';
import {
  checkShare,
  DEFAULT_BUDGET,
  MOST_VALUES,
  overBudget,
  reachOf,
  type Skipped,
} from './nearest-neighbour.ts';
import { searchNearest } from './search-nearest.ts';

export interface LearnWindowOptions {
  /** Shares of the length to choose from; default 0, 0.01, ... 0.2. */
  readonly windows?: readonly number[];
  /** Distances of two values computed at most; default 1e9. */
  readonly budget?: number;
}

export interface LearnedWindow {
  /** The window with the highest accuracy, the smallest of equals. */
  readonly window: number;
  /** For each window, ascending: the share of training series whose nearest other one has their label. */
  readonly candidates: readonly { readonly window: number; readonly accuracy: number }[];
}

/** Above this many pairs the table of what is known of each does not fit into memory comfortably. */
const MOST_PAIRS = 2.5e7;

/**
 * The window of dynamic time warping by leave-one-out on the training series, as `nearestNeighbour` compares them. Windows
 * are tried from the widest down: a distance in a wide window bounds it in a narrow one (Tan, Herrmann & Webb 2018).
 *
 * @param train two or more series of `[channels][points]`, NaN missing.
 * @param labels `[series]`.
 * @returns `{ skipped }` when the budget would be exceeded.
 * @throws PatchBertError `evaluation/bad-series`, `evaluation/bad-option`.
 * @example
 * const learned = learnWindow(train, labels);
 * const window = 'skipped' in learned ? 0.1 : learned.window;
 */
export function learnWindow(
  train: readonly ChannelValues[],
  labels: Int32Array,
  {
    windows = Array.from({ length: 21 }, (_, i) => i / 100),
    budget = DEFAULT_BUDGET,
  }: LearnWindowOptions = {},
): LearnedWindow | Skipped {
  const where = 'learnWindow';
  checkWhole(where, 'number of training series', train.length, 2);
  checkChoices(where, train.length, labels, windows);
  const count = train.length;
  if (count * count > MOST_PAIRS) return { skipped: `${count} series have too many pairs` };
  const [channels, length] = [train[0]!.length, longestOf(train)];
  if (count * length * channels > MOST_VALUES) return { skipped: `${count} series have too many values` };
  const known = comparableSeries(where, train, channels, length, 'interpolate');
  const effort = { budget, spent: 0 };
  const bounds = Array.from({ length: count }, () => new Float64Array(count));
  const nearest = new Map<number, Int32Array>();
  let likely: Int32Array | undefined;
  for (const reach of [...new Set(windows.map((window) => reachOf(window, length)))].sort((a, b) => b - a)) {
    const envelopes = known.values.map((one) => envelopeOf(one, known, reach));
    const rest = new Float64Array(length + 1);
    const found = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const query = known.values[i]!;
      const own = bounds[i]!;
      for (let j = 0; j < count; j++) {
        own[j] = i === j ? Infinity : Math.max(own[j]!, bounds[j]![i]!);
        if (likely === undefined && i !== j) {
          own[j] = Math.max(own[j]!, keoghBound(query, envelopes[j]!, channels, rest));
          effort.spent += query.length;
        }
      }
      if (effort.spent > budget) return { skipped: overBudget(budget, `at a window of ${reach} points`) };
      const best = searchNearest(query, known.values, envelopes, channels, reach, own, effort, likely?.[i]);
      if (best === undefined) return { skipped: overBudget(budget, `at a window of ${reach} points`) };
      found[i] = best.index;
    }
    nearest.set(reach, found);
    likely = found;
  }
  const candidates = windows
    .toSorted((a, b) => a - b)
    .map((window) => {
      const found = nearest.get(reachOf(window, length))!;
      const right = labels.filter((label, i) => label === labels[found[i]!]).length;
      return { window, accuracy: right / count };
    });
  const best = candidates.reduce((best, one) => (one.accuracy > best.accuracy ? one : best));
  return { window: best.window, candidates };
}

function checkChoices(where: string, count: number, labels: Int32Array, windows: readonly number[]): void {
  if (labels.length !== count) {
    throw new PatchBertError(
      'evaluation/bad-option',
      `${where}: there are ${labels.length} labels for ${count} series; expected one for each.`,
    );
  }
  checkWhole(where, 'number of windows', windows.length);
  for (const window of windows) checkShare(where, 'a window', window);
}
