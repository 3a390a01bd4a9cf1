import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { relayTags } from './test/clients/relay-tags.ts';
import { suites } from './test/suites.ts';

const graphql = fileURLToPath(new URL('node_modules/graphql/index.js', import.meta.url));

/**
 * In CI, a failed test is repeated once: real programs on a shared machine may be late. It is reported as repeated, and
 * one that fails twice fails. Tests of payments under faults are not repeated: each failure of theirs counts.
 */
const retriesOf = (name: string): number =>
  process.env['CI'] && !['crash', 'exhaustive'].includes(name) ? 1 : 0;

const shared = {
  // Some tests start gateways and kill them while others run: no test is about how long that takes.
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // Vite would take another build of graphql than the one that Yoga and Pothos load, and graphql refuses two.
  alias: [{ find: /^graphql$/, replacement: graphql }],
};

const globsOf = (places: readonly string[]): string[] =>
  places.map((place) => (place.endsWith('/') ? `${place}**/*.test.ts` : place));

const fast: TestProjectInlineConfiguration = {
  test: {
    ...shared,
    name: 'fast',
    retry: retriesOf('fast'),
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: Object.values(suites).flatMap(({ places }) => globsOf(places)),
    isolate: false,
    maxWorkers: '100%',
  },
};

const named = Object.entries(suites).map(
  ([name, { places, needsBuild, setUp, isSequential }], index): TestProjectInlineConfiguration => ({
    plugins: name === 'clients' ? [relayTags()] : [],
    test: {
      ...shared,
      name,
      retry: retriesOf(name),
      include: globsOf(places),
      globalSetup: [...(needsBuild ? ['test/support/build.ts'] : []), ...(setUp ? [setUp] : [])],
      fileParallelism: !isSequential,
      // Loads, which take longer on a busy machine.
      ...(isSequential && { testTimeout: 120_000 }),
      sequence: { groupOrder: index + 1 },
    },
  }),
);

export default defineConfig({ test: { projects: [fast, ...named] } });
