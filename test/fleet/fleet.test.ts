import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCountingScollect } from '../crash/counting-scollect.ts';
import { createAuthority, hasOpenssl } from '../support/certificates.ts';
import { startNginx } from '../support/deploy/nginx.ts';
import { programAt } from '../support/deploy/programs.ts';
import { postgresPrograms } from '../support/postgres-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { jwtSecret } from '../support/token.ts';
import { startPostgres, startRedis } from './databases.ts';
import { type Counts, type Load, type Period, startLoad } from './load.ts';
import { canCreateHosts, createNetwork } from './network.ts';
import { faketimeLibrary, startReplica } from './replica.ts';
import { mountSmallDisk } from './small-disk.ts';

const what = 'replicas on two hosts';
const nginx = programAt('nginx', what);
const redisServer = programAt('redis-server', what);
const postgres = postgresPrograms();

/** What this machine lacks for the test. */
const missing = [
  nginx === undefined && 'nginx',
  redisServer === undefined && 'redis-server',
  postgres === undefined && 'the server of Postgres',
  faketimeLibrary() === undefined && 'libfaketime',
  !hasOpenssl(what) && 'openssl',
  !canCreateHosts() && 'the right to create network namespaces',
].filter((one) => one !== false);
if (missing.length > 0) {
  const message = `${what}: skipped for want of ${missing.join(', ')}`;
  if (process.env['CI']) throw new Error(message);
  process.stderr.write(`${message}.\n`);
}

const readers = 12;
const payers = 8;

/** Starts two replicas with two workers each behind nginx, and a host for each of Postgres and Redis. */
const startFleet = async () => {
  const network = createNetwork(4);
  onTestFinished(() => network.close());
  const [one, other, ofPostgres, ofRedis] = network.hosts;
  if (!one || !other || !ofPostgres || !ofRedis) throw new RangeError('There are not enough hosts.');
  const disk = mountSmallDisk(192);
  onTestFinished(() => disk.close());
  const database = await startPostgres(postgres ?? '', ofPostgres, disk);
  onTestFinished(() => database.close());
  const redis = await startRedis(redisServer ?? '', ofRedis);
  onTestFinished(() => redis.close());
  const folder = temporaryFolder();
  const authority = createAuthority(folder);
  const { address } = network;
  const scollect = await startCountingScollect({ host: address, tls: authority.sign({ host: address }) });
  onTestFinished(() => scollect.close());
  const env = {
    NODE_ENV: 'production',
    NODE_EXTRA_CA_CERTS: authority.file,
    AUTH_JWT_SECRET: jwtSecret,
    TRUSTED_PROXIES: '1',
    WORKERS: '2',
    SCOLLECT_URL: scollect.url,
    SCOLLECT_API_KEY: 'key',
    SCOLLECT_PIN: 'pin',
    STORE_URL: database.url,
    STORE_KEY: 'ab'.repeat(32),
    REDIS_URL: redis.url,
    RATE_LIMIT_PER_CALLER: '1000000',
    RATE_LIMIT_PER_ADDRESS: '1000000',
  };
  const replicas = [];
  for (const host of [one, other]) {
    const own = join(folder, host.address);
    mkdirSync(own);
    const auditLog = join(own, 'audit.log');
    const replica = await startReplica(host, { folder: own, env: { ...env, AUDIT_LOG: auditLog } });
    onTestFinished(() => replica.kill());
    replicas.push(replica);
  }
  const [first, second] = replicas;
  if (!first || !second) throw new RangeError('There are not enough replicas.');
  const proxy = await startNginx(nginx ?? '', [`${one.address}:4000`, `${other.address}:4000`]);
  return { first, second, database, disk, redis, scollect, proxy, ofPostgres, ofRedis };
};

type Fleet = Awaited<ReturnType<typeof startFleet>>;

interface Fault {
  readonly name: string;
  /** Ends when the fault has ended. */
  readonly run: (fleet: Fleet) => unknown;
}

const faults: readonly Fault[] = [
  { name: 'none', run: () => pause(3000) },
  { name: 'a worker is killed', run: ({ first }) => first.killWorker() },
  {
    name: 'a replica is killed, and starts after 3 s',
    run: async ({ second }) => {
      await second.kill();
      await pause(3000);
      await second.start();
    },
  },
  { name: 'Postgres restarts', run: ({ database }) => database.kill('SIGINT') },
  { name: 'Postgres ends at once, and recovers', run: ({ database }) => database.kill('SIGQUIT') },
  {
    name: 'Postgres is cut off for 10 s',
    run: async ({ ofPostgres }) => {
      ofPostgres.unplug();
      await pause(10_000);
      ofPostgres.plugIn();
    },
  },
  {
    name: 'the disk of Postgres is full for 10 s',
    run: async ({ disk }) => {
      disk.fill();
      await pause(10_000);
      disk.empty();
    },
  },
  { name: 'Redis restarts', run: ({ redis }) => redis.kill('SIGKILL') },
  {
    name: 'Redis is cut off for 10 s',
    run: async ({ ofRedis }) => {
      ofRedis.unplug();
      await pause(10_000);
      ofRedis.plugIn();
    },
  },
  {
    name: 'a replica is halted for 10 s',
    run: async ({ first }) => {
      first.halt();
      await pause(10_000);
      first.wake();
    },
  },
  { name: 'the clock of a replica goes an hour ahead', run: ({ first }) => first.stepClock(3600) },
  { name: 'the clock of a replica goes back', run: ({ first }) => first.stepClock(0) },
];

/** Without a failed request for this long, the fleet has recovered. */
const quietMs = 3000;

interface Observed {
  readonly fault: string;
  readonly period: Period;
  /** Seconds from the end of the fault to the last failed request. */
  readonly recovery: number;
}

const observe = async (fleet: Fleet, load: Load, { name, run }: Fault): Promise<Observed> => {
  const period = load.period();
  await run(fleet);
  const end = performance.now();
  const { requests } = period.payments;
  const isQuiet = (): boolean =>
    performance.now() - Math.max(end, period.lastFailure) > quietMs && period.payments.requests > requests;
  const deadline = end + 60_000;
  while (!isQuiet() && performance.now() < deadline) await pause(50);
  expect(
    isQuiet(),
    `${name}: requests still fail after a minute: ${[...period.reads.reasons, ...period.payments.reasons].join()}`,
  ).toBe(true);
  const recovery = Math.max(0, period.lastFailure - end) / 1000;
  return { fault: name, period, recovery };
};

const cellsOf = ({ fault, period: { reads, payments, wrong }, recovery }: Observed): string[] => {
  const shareOf = ({ requests, failed }: Counts): string => `${failed} of ${requests}`;
  const reasons = [...new Set([...reads.reasons.keys(), ...payments.reasons.keys()])].sort().join(', ');
  return [fault, shareOf(reads), shareOf(payments), String(wrong.length), recovery.toFixed(1), reasons];
};

const head = [
  'fault',
  'failed reads',
  'failed payment requests',
  'wrong',
  'seconds to recovery',
  'failed with',
];

const table = (all: readonly Observed[]): string =>
  [head, head.map(() => '---'), ...all.map(cellsOf)].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

describe.skipIf(missing.length > 0)('two replicas with two workers each, on two hosts', () => {
  it('charge each payment once, lose no outcome and recover from every fault', {
    timeout: 900_000,
  }, async () => {
    const fleet = await startFleet();
    const { scollect } = fleet;
    const load = startLoad(fleet.proxy, readers, payers);
    const all: Observed[] = [];
    for (const fault of faults) all.push(await observe(fleet, load, fault));
    await load.stop();
    await scollect.idle();

    const payments = [...load.ends.values()];
    const pending = await load.pendingOutcomes();
    const problems: string[] = [];
    const codes = new Set<string>();
    let unknown = 0;
    for (const { payment, end } of payments) {
      const charges = scollect.charges(payment.amount);
      if (charges > 1) problems.push(`${payment.key}: charged ${charges} times`);
      if (end.kind === 'open') problems.push(`${payment.key}: has not ended`);
      if (end.kind === 'unknown') {
        unknown += 1;
        if (pending.includes(end.outcomeId)) continue;
        // Its outcome was recorded later: the key gets it.
        const later = await load.pay(payment);
        if (later.kind !== 'charged' || scollect.charges(payment.amount) !== 1) {
          problems.push(`${payment.key}: neither pending nor charged once`);
        }
      }
      if (end.kind !== 'charged') continue;
      if (charges !== 1) problems.push(`${payment.key}: reported as charged, but charged ${charges} times`);
      if (codes.has(end.approvalCode)) problems.push(`${payment.key}: the approval of another payment`);
      codes.add(end.approvalCode);
      const again = await load.pay(payment);
      if (JSON.stringify(again) !== JSON.stringify(end)) problems.push(`${payment.key}: lost its outcome`);
      if (scollect.charges(payment.amount) !== 1) problems.push(`${payment.key}: charged again`);
    }
    const wrong = all.flatMap(({ period }) => period.wrong);
    process.stdout.write(
      `${table(all)}\n${payments.length} payments, ${codes.size} charged, ${unknown} reported as unknown; ` +
        `${problems.length} double or lost, ${wrong.length} wrong reads.\n`,
    );
    expect(problems).toEqual([]);
    expect(wrong).toEqual([]);
    expect(codes.size).toBeGreaterThan(100);
  });
});
