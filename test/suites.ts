/** A named part of the tests: `npm run test:<name>`. */
interface Suite {
  /** Test files, and folders, which end with a slash, of test files. */
  readonly places: readonly string[];
  /** Whether its tests start programs of `dist/`, which is built first. */
  readonly needsBuild?: true;
  /** A module that prepares what its tests need besides. */
  readonly setUp?: string;
  /** Whether its files run one after the other: what they show is about time or memory, or is a load. */
  readonly isSequential?: true;
}

/**
 * All suites but one. Each test file that is in none of them belongs to `fast`, which `npm test` runs: its tests start no
 * process and need neither `dist/` nor a browser.
 */
export const namedSuites = {
  processes: {
    places: [
      'src/doctor/checks/certificates.test.ts',
      'src/doctor/checks/shared-redis.test.ts',
      'src/redis/redis-faults.test.ts',
      'test/audit-stdout.test.ts',
      'test/audit-trail-processes.test.ts',
      'test/bench/bench.test.ts',
      'test/cache/processes.test.ts',
      'test/cache/shared-cache.test.ts',
      'test/build.test.ts',
      'test/docs/words.test.ts',
      'test/doctor-shapes.test.ts',
      'test/doctor.test.ts',
      'test/access-settings.test.ts',
      'test/http/subscriptions-of-replicas.test.ts',
      'test/ledger-commands.test.ts',
      'test/ledger-copy.test.ts',
      'test/ledger-metrics.test.ts',
      'test/ledger/opened-at-once.test.ts',
      'test/main.test.ts',
      'test/operator-endpoints.test.ts',
      'test/redis/',
      'test/sandbox/main.test.ts',
      'test/sbom.test.ts',
      'test/security/upstream-tls.test.ts',
      'test/shared-upstreams/',
      'test/stop.test.ts',
      'test/tenants.test.ts',
      'test/tracing-processes.test.ts',
      'test/unrelated-project.test.ts',
    ],
    needsBuild: true,
  },
  browser: {
    places: [
      'test/agent-desk.test.ts',
      'test/cors-browser.test.ts',
      'test/graphiql-storage.test.ts',
      'test/graphiql.test.ts',
    ],
    needsBuild: true,
  },
  clients: {
    places: ['test/clients/', 'test/http/clients.test.ts', 'test/graphql-http.test.ts'],
    setUp: 'test/clients/set-up.ts',
  },
  federation: { places: ['test/federation/'], needsBuild: true },
  leaks: { places: ['test/leaks/'], needsBuild: true },
  exhaustive: {
    places: [
      'test/cost/every-field.test.ts',
      'test/cost/real-calls.test.ts',
      'test/id-calls.test.ts',
      'test/ledger/model/exhaustive.test.ts',
      'test/query-plan/cold-and-warm.test.ts',
      'test/round-trips.test.ts',
      'test/schema/people.test.ts',
    ],
  },
  timing: {
    places: [
      'test/fault-proxy.test.ts',
      'test/http/pipeline.test.ts',
      'test/isolation.test.ts',
      'test/leaving.test.ts',
      'test/ledger/replaced.test.ts',
      'test/schema/mutation-deadline.test.ts',
      'test/server.test.ts',
    ],
    isSequential: true,
  },
  faults: { places: ['test/faults/'], isSequential: true },
  memory: { places: ['test/memory/', 'test/garbage.test.ts'], needsBuild: true, isSequential: true },
  alerts: { places: ['test/alerts/'], needsBuild: true, isSequential: true },
  deploy: { places: ['test/deploy/'], needsBuild: true, isSequential: true },
  workers: { places: ['test/workers/'], needsBuild: true, isSequential: true },
  postgres: { places: ['test/postgres/'], isSequential: true },
  fleet: { places: ['test/fleet/'], needsBuild: true, isSequential: true },
  crash: { places: ['test/crash/'], needsBuild: true, isSequential: true },
  fuzz: { places: ['test/fuzz/'], needsBuild: true, isSequential: true },
  soak: { places: ['test/soak/'], needsBuild: true, isSequential: true },
} as const satisfies Record<string, Suite>;

export const suites: Readonly<Record<string, Suite>> = namedSuites;
