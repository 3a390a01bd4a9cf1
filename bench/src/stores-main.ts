import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { runCommand, say } from './command.ts';
import { figuresOf } from './figures.ts';
import type { Stream } from './load.ts';
import { median } from './median.ts';
import { type Options, readOptions } from './options.ts';
import { root } from './paths.ts';
import { runWorkload } from './run.ts';
import { recollectIn, type Server } from './servers.ts';
import { type Measured, type Stand, startStand } from './stand.ts';
import type { Workload } from './workloads.ts';

// Compares keyed payments with the ledger on SQLite and on Postgres, and reads without and with Redis, side by side in
// one run. CPU time is that of the gateway alone; Postgres and Redis run on the same cores, and take time from it.

const postgresUrl = process.env['BENCH_POSTGRES_URL'] || 'postgres://postgres@127.0.0.1:5432/postgres';
const redisUrl = process.env['BENCH_REDIS_URL'] || 'redis://127.0.0.1:6379';
const storeKey = randomBytes(32).toString('hex');

const streamOf = (operation: Stream['operation'], clients: number): Stream => ({
  operation,
  clients,
  haveEqualKeys: false,
});

const paymentsOf = (clients: number): Workload => ({
  name: `payment-${clients}`,
  title: `runPayment with a key of its own, upstream 0 ms, ${clients} clients`,
  latencyMs: 0,
  streams: [streamOf('payment', clients)],
});

const reads: Workload = {
  name: 'account-0',
  title: 'one account with phones and payments, upstream 0 ms, 64 clients',
  latencyMs: 0,
  streams: [streamOf('account', 64)],
};

const execute = async (statement: string): Promise<void> => {
  const client = new Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};

const databases: string[] = [];

/** Creates an empty database for each start, before anything is measured. */
const createDatabases = async (count: number): Promise<void> => {
  for (let index = 0; index < count; index += 1) {
    const name = `recollect_bench_${process.pid}_${index}`;
    await execute(`CREATE DATABASE ${name}`);
    databases.push(name);
  }
};

const dropDatabases = async (): Promise<void> => {
  for (const name of databases) await execute(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
};

const urlOf = (database: string): string => {
  const url = new URL(postgresUrl);
  url.pathname = `/${database}`;
  return url.href;
};

const sqlite = recollectIn(root, { name: 'sqlite', title: 'SQLite' });

/** With an empty database at each start. */
const postgres = (): Server => {
  const left = [...databases];
  return {
    ...sqlite,
    name: 'postgres',
    title: 'Postgres',
    start: (place) => {
      const database = left.shift();
      if (database === undefined) throw new RangeError('Expected a database for each start.');
      const env = { STORE_URL: urlOf(database), STORE_KEY: storeKey };
      return recollectIn(root, sqlite, env).start(place);
    },
  };
};

const alone = recollectIn(root, { name: 'alone', title: 'no Redis' });
const limits = recollectIn(
  root,
  { name: 'redis', title: 'Redis: limits, log-ins, slots' },
  { REDIS_URL: redisUrl },
);
const cached = recollectIn(
  root,
  { name: 'cache', title: 'Redis and CACHE, each read a miss' },
  { REDIS_URL: redisUrl, CACHE: '{"getaccount": 60, "getphones": 60}' },
);

const cpuOf = (round: Measured): number => figuresOf([round]).cpuMsPerQuery ?? Number.NaN;

const rowsOf = async (
  stand: Stand,
  servers: readonly Server[],
  workload: Workload,
  timing: Options,
): Promise<readonly string[]> => {
  const measured = await runWorkload(stand, servers, workload, timing, say);
  for (const failure of Object.values(measured.absent)) throw new Error(failure);
  const [first = []] = measured.servers.map(({ rounds }) => rounds);
  return measured.servers.map(({ server, rounds }) => {
    const { perSecond, p50Ms, p99Ms } = figuresOf(rounds);
    const cpu = median(rounds.map((round, n) => cpuOf(round) / cpuOf(first[n] ?? round)));
    const rate = median(
      rounds.map((round, n) => figuresOf([round]).perSecond / figuresOf([first[n] ?? round]).perSecond),
    );
    const figures = [
      median(rounds.map(cpuOf)).toFixed(3),
      cpu.toFixed(2),
      String(Math.round(perSecond)),
      rate.toFixed(2),
      p50Ms.toFixed(1),
      p99Ms.toFixed(1),
    ];
    return `| ${[workload.name, server.title, ...figures].join(' | ')} |`;
  });
};

const measure = async (): Promise<void> => {
  const payments = [paymentsOf(1), paymentsOf(64)];
  const timing = readOptions(process.env, {
    workloads: [...payments, reads].map(({ name }) => name),
    servers: [],
  });
  const isWanted = ({ name }: Workload): boolean => timing.only.length === 0 || timing.only.includes(name);
  const stand = await startStand();
  const rows: string[] = [];
  try {
    await createDatabases(timing.starts * payments.filter(isWanted).length);
    const stores = [sqlite, postgres()];
    for (const workload of payments.filter(isWanted)) {
      rows.push(...(await rowsOf(stand, stores, workload, timing)));
    }
    if (isWanted(reads)) rows.push(...(await rowsOf(stand, [alone, limits, cached], reads, timing)));
  } finally {
    await stand.stop();
    await dropDatabases();
  }
  say('\n| workload | server | CPU ms | of the first | per second | of the first | p50 ms | p99 ms |');
  say('| --- | --- | --- | --- | --- | --- | --- | --- |');
  say(rows.join('\n'));
};

await runCommand(measure, 'The stores could not be compared.');
