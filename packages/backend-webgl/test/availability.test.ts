import { adapters, tfjsWebgl } from '@patchbert/backend-webgl';
import { expect, test } from 'vitest';

test('in Node it says that it needs a page, and what to choose there', async () => {
  expect(await tfjsWebgl.isAvailable()).toEqual({
    available: false,
    reason: expect.stringMatching(/browser page.*onnx-cpu/),
  });
  await expect(tfjsWebgl.create()).rejects.toMatchObject({ code: 'backend/unavailable' });
});

test('offers its adapter to programs that load backends by module', () => {
  expect(adapters).toEqual([tfjsWebgl]);
});
