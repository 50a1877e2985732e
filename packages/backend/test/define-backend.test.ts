import { defineBackend } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import { expect, test } from 'vitest';

const cpu = {
  tfjsBackend: 'cpu',
  capabilities: { trains: true, precision: 'float32', engine: 'mine 1.0' },
} as const;
const mine = { name: 'mine', description: 'mine on the processor', start: async () => cpu };

test('an engine registered with tfjs becomes a backend of the name given', async () => {
  const backend = await defineBackend(mine).create();
  expect(backend.name).toBe('mine');
  expect(backend.capabilities.engine).toBe('mine 1.0');
  await backend.dispose();
});

test('a backend that is not available is refused with the reason, and never started', async () => {
  const adapter = defineBackend({
    ...mine,
    isAvailable: async () => ({ available: false, reason: 'the device is not plugged in.' }),
    start: async () => expect.fail('started'),
  });
  await expect(adapter.create()).rejects.toMatchObject({
    code: 'backend/unavailable',
    message: 'backend "mine" cannot run here: the device is not plugged in.',
  });
});

test('an engine that fails to start is a typed error that keeps the cause; typed errors stay as they are', async () => {
  const cause = new Error('driver too old\n  at somewhere');
  const failing = defineBackend({ ...mine, start: () => Promise.reject(cause) });
  await expect(failing.create()).rejects.toMatchObject({
    code: 'backend/unavailable',
    message: 'backend "mine" cannot run here: it failed to start: driver too old',
    cause,
  });
  const typed = new PatchBertError('mine/asleep', 'mine: wake it up.');
  await expect(defineBackend({ ...mine, start: () => Promise.reject(typed) }).create()).rejects.toBe(typed);
  const unregistered = defineBackend({ ...mine, start: async () => ({ ...cpu, tfjsBackend: 'nothing' }) });
  await expect(unregistered.create()).rejects.toMatchObject({ code: 'backend/unavailable' });
});

test.each([
  [{ threads: 0 }, 'threads'],
  [{ threads: 1.5 }, '1.5'],
  [{ thread: 2 }, '"thread"'],
])('refuses the options %j', async (options, mention) => {
  const creating = defineBackend(mine).create(options as never);
  await expect(creating).rejects.toMatchObject({
    code: 'backend/bad-option',
    message: expect.stringContaining(mention),
  });
});

test.each([
  [{ ...mine, name: 'My Engine' }, 'hyphens'],
  [{ ...mine, name: undefined }, 'name is undefined'],
  [{ ...mine, description: '' }, 'description'],
  [{ name: 'mine', description: 'x' }, 'start'],
])('refuses a definition that lacks something: %j', (definition, mention) => {
  expect(() => defineBackend(definition as never)).toThrow(mention);
});
