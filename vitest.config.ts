import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const graphql = fileURLToPath(new URL('node_modules/graphql/index.js', import.meta.url));

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Some tests start gateways and kill them while others run: no test is about how long that takes.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    globalSetup: ['test/support/build.ts'],
    // Vite would take another build of graphql than the one that Yoga and Pothos load, and graphql refuses two.
    alias: [{ find: /^graphql$/, replacement: graphql }],
  },
});
