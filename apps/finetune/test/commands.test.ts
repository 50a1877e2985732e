import { expect, test } from 'vitest';
import { type Actions, createCommand } from '../src/commands/create-command.ts';

test.each([
  [[], 'forecast'],
  [['forecast'], 'forecast'],
  [['classify'], 'classify'],
  [['regress', '--data', 'd.ts'], 'regress'],
  [['predict', '--model', 'm'], 'predict'],
  [['embed', '--model', 'm'], 'embed'],
  [['export', '--model', 'm'], 'export'],
  [['backends'], 'backends'],
])('the words %j do "%s"', async (words, expected) => {
  const done: string[] = [];
  const names = [
    'forecast',
    'classify',
    'regress',
    'predict',
    'evaluate',
    'embed',
    'backtest',
    'export',
    'inspect',
    'backends',
  ] as const;
  const actions = Object.fromEntries(
    names.map((name) => [name, async () => void done.push(name)]),
  ) as unknown as Actions;
  await createCommand('0.0.0', actions).parseAsync(words, { from: 'user' });
  expect(done).toEqual([expected]);
});
