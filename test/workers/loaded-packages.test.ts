import { expect, it } from 'vitest';
import { packagesIn } from '../support/loaded-packages.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUpstream } from '../support/upstream.ts';
import { startWorkers, wellDone, workerIds } from '../support/workers.ts';

/** Packages of the GraphQL server, the upstreams and the ledger: each of them costs the supervisor megabytes. */
const onlyInWorkers = ['@pothos/core', 'graphql', 'graphql-yoga', 'jose', 'libsql', 'undici'];

/** Without `REDIS_URL` and `MCP`, and with a ledger in a file. */
const unused = ['@modelcontextprotocol/sdk', 'ioredis', 'pg'];

it('No process loads what it does not use: a supervisor the server, or any of them the client of a database', async () => {
  const coverage = temporaryFolder();
  const gateway = await startWorkers(await startUpstream(wellDone), { NODE_V8_COVERAGE: coverage });
  const [worker] = await workerIds(gateway);
  const supervisor = gateway.process.pid;
  gateway.process.kill('SIGTERM');
  expect((await gateway.ended).code).toBe(0);
  const ofWorker = packagesIn(coverage, worker);
  expect(ofWorker).toEqual(expect.arrayContaining(onlyInWorkers));
  expect(ofWorker.filter((name) => unused.includes(name))).toEqual([]);
  const loaded = packagesIn(coverage, supervisor);
  expect(loaded).toEqual(expect.arrayContaining(['pino', 'prom-client', 'zod']));
  expect(loaded.filter((name) => [...onlyInWorkers, ...unused].includes(name))).toEqual([]);
});
