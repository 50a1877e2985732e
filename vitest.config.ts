import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@patchbert/source'] },
  ssr: { resolve: { conditions: ['@patchbert/source'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'tests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
});
