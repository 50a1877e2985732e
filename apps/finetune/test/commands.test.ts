import { expect, test } from 'vitest';
import { type Actions, createCommand } from '../src/commands/create-command.ts';

test.each([
  [[], 'forecast'],
  [['forecast'], 'forecast'],
  [['predict', '--model', 'm'], 'predict'],
  [['backends'], 'backends'],
])('the words %j do "%s"', async (words, expected) => {
  const done: string[] = [];
  const names = ['forecast', 'predict', 'evaluate', 'backtest', 'inspect', 'backends'] as const;
  const actions = Object.fromEntries(
    names.map((name) => [name, async () => void done.push(name)]),
  ) as unknown as Actions;
  await createCommand('0.0.0', actions).parseAsync(words, { from: 'user' });
  expect(done).toEqual([expected]);
});
