import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const graphql = fileURLToPath(new URL('node_modules/graphql/index.js', import.meta.url));

// What these show is about time, or is a load: they run one after the other, when all others have ended.
const alone = [
  'test/crash/**/*.test.ts',
  'test/faults/**/*.test.ts',
  'test/fuzz/**/*.test.ts',
  'test/soak/**/*.test.ts',
  'test/memory/**/*.test.ts',
  'test/garbage.test.ts',
  'test/isolation.test.ts',
  'test/stop.test.ts',
];
const all = ['src/**/*.test.ts', 'test/**/*.test.ts'];

const shared = {
  // Some tests start gateways and kill them while others run: no test is about how long that takes.
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // Vite would take another build of graphql than the one that Yoga and Pothos load, and graphql refuses two.
  alias: [{ find: /^graphql$/, replacement: graphql }],
};

export default defineConfig({
  test: {
    globalSetup: ['test/support/build.ts'],
    projects: [
      { test: { ...shared, name: 'together', include: all, exclude: alone } },
      {
        test: {
          ...shared,
          name: 'alone',
          include: alone,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
