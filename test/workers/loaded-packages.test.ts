import { expect, it } from 'vitest';
import { packagesIn } from '../support/loaded-packages.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUpstream } from '../support/upstream.ts';
import { startWorkers, wellDone, workerIds } from '../support/workers.ts';

/** Packages of the GraphQL server, the upstreams and the ledger: each of them costs the supervisor megabytes. */
const onlyInWorkers = [
  '@pothos/core',
  'graphql',
  'graphql-yoga',
  'ioredis',
  'jose',
  'libsql',
  'pg',
  'undici',
];

it('A supervisor loads the settings, the log and the metrics, and nothing that only workers use', async () => {
  const coverage = temporaryFolder();
  const gateway = await startWorkers(await startUpstream(wellDone), { NODE_V8_COVERAGE: coverage });
  const [worker] = await workerIds(gateway);
  const supervisor = gateway.process.pid;
  gateway.process.kill('SIGTERM');
  expect((await gateway.ended).code).toBe(0);
  expect(packagesIn(coverage, worker)).toEqual(expect.arrayContaining(onlyInWorkers));
  const loaded = packagesIn(coverage, supervisor);
  expect(loaded).toEqual(expect.arrayContaining(['pino', 'prom-client', 'zod']));
  expect(loaded.filter((name) => onlyInWorkers.includes(name))).toEqual([]);
});
