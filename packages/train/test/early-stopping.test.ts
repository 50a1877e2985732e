import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EarlyStoppingState, earlyStopping } from '../src/index.ts';

/** States after each value, checked at steps 10, 20, ... */
function states(
  options: Parameters<typeof earlyStopping>[0],
  values: readonly number[],
): EarlyStoppingState[] {
  const { initial, next } = earlyStopping(options);
  let state = initial;
  return values.map((value, i) => {
    state = next(state, { step: 10 * (i + 1), value });
    return state;
  });
}

describe('earlyStopping', () => {
  it('stops when patience is used up and knows the best step', () => {
    const all = states({ patience: 2 }, [5, 3, 4, 3, 1]);
    expect(all.map(({ stop }) => stop)).toEqual([false, false, false, true, false]);
    expect(all[3]).toEqual({ best: { step: 20, value: 3 }, reference: 3, waited: 2, stop: true });
  });

  it('does not count an improvement within minimumDelta, and still keeps it as the best', () => {
    const all = states({ patience: 2, minimumDelta: 0.5 }, [5, 4.8, 4.6]);
    expect(all.at(-1)).toEqual({ best: { step: 30, value: 4.6 }, reference: 5, waited: 2, stop: true });
  });

  it('sees small improvements that add up', () => {
    expect(states({ patience: 3, minimumDelta: 0.5 }, [5, 4.7, 4.4]).at(-1)!.waited).toBe(0);
  });

  it('never takes a value that is not a number for an improvement', () => {
    const all = states({ patience: 2 }, [Number.NaN, 2, Number.NaN, Number.NaN]);
    expect(all.at(-1)).toMatchObject({ best: { step: 20, value: 2 }, stop: true });
  });

  it('keeps the lowest value, the earlier of equal ones, and waits as long as nothing fell', () => {
    const value = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.integer({ min: 1, max: 5 }), (values, patience) => {
        const state = states({ patience }, values).at(-1)!;
        const lowest = Math.min(...values);
        const first = values.indexOf(lowest);
        expect(state.best).toEqual({ step: 10 * (first + 1), value: lowest });
        expect(state.waited).toBe(values.length - 1 - first);
        expect(state.stop).toBe(state.waited >= patience);
      }),
      { seed: 51 },
    );
  });

  it('is plain data', () => {
    const [, state] = states({ patience: 2 }, [3, 4]);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  it.each([{ patience: 0 }, { patience: Number.NaN }, { patience: 1, minimumDelta: -1 }])(
    'refuses %j',
    (options) => {
      expect(() => earlyStopping(options)).toThrow(/patience is/);
    },
  );
});
