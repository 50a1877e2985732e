import { describe, expect, it } from 'vitest';
import { fitTiny } from './support/tiny-forecaster.ts';

describe('the same network without pretraining', () => {
  const training = { steps: 10, batchSize: 8, validateEvery: 5, dropout: 0, headDropout: 0 };

  it.each([
    ['ridge', 'same network, random weights'],
    ['fine-tune', 'same network, from scratch'],
  ] as const)('stands beside a forecaster adapted by %s', async (adapt, method) => {
    const config = { horizons: [3, 8], adapt, training };
    const plain = await fitTiny({ config });
    const compared = await fitTiny({ config: { ...config, control: true } });
    compared.results.forEach(({ methods }, h) => {
      const control = methods.find((one) => one.method === method)!;
      expect(control.kind).toBe('control');
      expect(control.scores.points).toBe(methods[0]!.scores.points);
      expect(control.scores.mse).not.toBe(methods[1]!.scores.mse);
      // It changes nothing else.
      expect(methods.filter((one) => one !== control)).toEqual(plain.results[h]!.methods);
    });
  });

  it('is no control for what has no pretraining', async () => {
    const { results } = await fitTiny({ config: { adapt: 'scratch', training, control: true } });
    expect(results[0]!.methods.map(({ method }) => method).join()).not.toContain('same network');
  });
});

it('the linear ridge is scored even where it does not count', async () => {
  const both = await fitTiny();
  const alone = await fitTiny({ config: { linearWeight: 0 } });
  const [ours, linear] = alone.results[0]!.methods;
  expect([ours!.method, linear!.method, linear!.kind]).toEqual(['transformer', 'linear ridge', 'baseline']);
  const scoresOf = (method: string) => both.results[0]!.methods.find((one) => one.method === method)!.scores;
  expect(linear!.scores).toEqual(scoresOf('linear ridge'));
  expect(ours!.scores.mse).toBe(scoresOf('transformer').mse);
});
