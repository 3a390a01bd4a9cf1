import { createRateLimit } from '../../../src/http/rate-limit.ts';
import type { Deadline } from '../../../src/lib/deadline.ts';
import { createSender, type Sender } from '../../../src/upstreams/client/sender.ts';
import type { UpstreamSystem } from '../../../src/upstreams/errors.ts';
import { createRecoveryConnect } from '../../../src/upstreams/recoveryconnect/client.ts';
import { judgeRecoveryConnect } from '../../../src/upstreams/recoveryconnect/envelope.ts';
import { createScollect } from '../../../src/upstreams/scollect/client.ts';
import { judgeScollect } from '../../../src/upstreams/scollect/envelope.ts';
import type { Upstreams } from '../../../src/upstreams/upstreams.ts';
import { runAgent, runLists, type Send, usualWork, type Work } from './agents.ts';
import { createGatewayProcess, type GatewayProcess } from './gateway-process.ts';
import { createRandom } from './random.ts';
import { createTenantRecord, type TenantRecord } from './record.ts';
import { type Scenario, type Sharing, type Size, tenantSizes } from './scenarios.ts';
import { createSimulatedHttp } from './simulated-http.ts';
import { createSimulatedUpstream, type SimulatedUpstream } from './upstream.ts';
import { installVirtualClock } from './virtual-clock.ts';

export interface SimulationOptions {
  readonly size: Size;
  readonly scenario: Scenario;
  readonly sharing?: Sharing;
  readonly seed?: number;
  /** Virtual minutes in which work begins. What is in flight then, ends. */
  readonly minutes?: number;
  readonly work?: Work;
  /** Whether all requests of an agent go to one process; otherwise each goes to the next. */
  readonly isSticky?: boolean;
  /** Whether queues alternate between requests, as they do; `false` is for comparison. */
  readonly alternates?: boolean;
  /** One of this many agents requests lists too. */
  readonly agentsPerSupervisor?: number;
  readonly maxWaiting?: number;
}

/** The outcome of a run. */
export interface SimulationResult {
  /** By tenant, from the largest. */
  readonly tenants: readonly TenantRecord[];
  readonly virtualMs: number;
  /** Busy shares of the busiest process, and of the servers of the upstreams. */
  readonly utilisation: Readonly<Record<'cpu' | UpstreamSystem, number>>;
}

const requestTimeoutMs = 15_000;
const upstreamTimeoutMs = 10_000;
const perCaller = 30_000;
const minuteMs = 60_000;
/** When a scenario begins to differ from a normal day. */
const onsetMs = minuteMs;

/** Service times are assumptions: neither vendor documents them. */
export const serviceTimes = {
  SCOLLECT: { readMedianMs: 120, writeMedianMs: 200, spread: 0.6 },
  RECOVERY_CONNECT: { readMedianMs: 80, writeMedianMs: 150, spread: 0.6 },
} as const;

const tenantName = (index: number): string => `tenant-${index}`;

/** Runs agents against gateway processes and upstreams on a virtual clock. Equal options give equal results. */
export const simulate = async (options: SimulationOptions): Promise<SimulationResult> => {
  const { size, scenario, sharing = 'divided', seed = 1, minutes = 10, work = usualWork } = options;
  const { isSticky = false, alternates = true, agentsPerSupervisor = 200, maxWaiting = 10_000 } = options;
  const random = createRandom(seed);
  const retries = random.fork();
  const clock = installVirtualClock(retries.next);
  try {
    const until = minutes * minuteMs;
    const hasBegun = (): boolean => clock.now() >= onsetMs;
    const upstreams: Readonly<Record<UpstreamSystem, SimulatedUpstream>> = {
      SCOLLECT: createSimulatedUpstream(
        {
          ...serviceTimes.SCOLLECT,
          servers: size.scollectServers,
          slowdown: () => (hasBegun() ? (scenario.slowdown ?? 1) : 1),
          failures: () => (hasBegun() ? (scenario.failures ?? 0) : 0),
        },
        random.fork(),
      ),
      RECOVERY_CONNECT: createSimulatedUpstream(
        { ...serviceTimes.RECOVERY_CONNECT, servers: size.recoveryConnectServers },
        random.fork(),
      ),
    };
    const processes = size.replicas * size.workers;
    const slots =
      sharing === 'shared' ? size.maxConcurrency : Math.max(1, Math.floor(size.maxConcurrency / processes));
    const queue = sharing === 'shared' ? maxWaiting : Math.max(1, Math.floor(maxWaiting / processes));
    const counts = tenantSizes(size);
    const records = counts.map((_, index) => createTenantRecord(tenantName(index)));

    const senderOf = (tenant: string, system: UpstreamSystem): Sender =>
      createSender({
        system,
        http: createSimulatedHttp({
          tenant,
          upstream: upstreams[system],
          timeoutMs: upstreamTimeoutMs,
          isRefused: () => scenario.hasRefusedCredentials === true && tenant === tenantName(0) && hasBegun(),
          hasShortTokens: scenario.hasRefusedCredentials === true,
        }),
        judge: system === 'SCOLLECT' ? judgeScollect : judgeRecoveryConnect,
        maxConcurrency: slots,
        maxWaiting: queue,
        maxWaitMs: upstreamTimeoutMs,
        observer: {},
      });
    const sharedSenders = new Map<string, Sender>();
    const sharedSender = (tenant: string, system: UpstreamSystem): Sender => {
      const name = `${tenant} ${system}`;
      const sender = sharedSenders.get(name) ?? senderOf(tenant, system);
      sharedSenders.set(name, sender);
      return sender;
    };
    const sender = sharing === 'shared' ? sharedSender : senderOf;

    const createClients = (): ((tenant: string) => Upstreams) => {
      const clients = new Map<string, Upstreams>(
        records.map(({ tenant }) => [
          tenant,
          {
            SCOLLECT: createScollect(sender(tenant, 'SCOLLECT'), { apiKey: tenant, pin: 'pin' }),
            RECOVERY_CONNECT: createRecoveryConnect(sender(tenant, 'RECOVERY_CONNECT'), {
              username: tenant,
              password: 'password',
            }),
          },
        ]),
      );
      return (tenant) => {
        const found = clients.get(tenant);
        if (!found) throw new RangeError('There is no such tenant.');
        return found;
      };
    };

    // One requester for all requests of a tenant: the queue serves them in the order in which they came.
    const patient: Deadline = {
      signal: new AbortController().signal,
      remainingMs: () => Number.POSITIVE_INFINITY,
      shorten: () => {},
      clear: () => {},
    };
    const inOrder = alternates ? {} : { requesterOf: () => patient };
    const shared = sharing === 'shared' ? { rateLimit: createRateLimit(perCaller, 200_000) } : {};
    const gateways = Array.from({ length: processes }, () =>
      createGatewayProcess({
        upstreamsOf: createClients(),
        requestTimeoutMs,
        upstreamTimeoutMs,
        perCaller: Math.max(1, Math.floor(perCaller / processes)),
        ...shared,
        ...inOrder,
      }),
    );
    let turn = 0;
    const gatewayFor = (agent: number): GatewayProcess => {
      const alive = gateways.filter((gateway) => gateway.isAlive());
      turn += 1;
      const chosen = alive[(isSticky ? agent : turn) % alive.length];
      if (!chosen) throw new RangeError('No process is left.');
      return chosen;
    };

    const workers: Promise<void>[] = [];
    let agents = 0;
    for (const [index, count] of counts.entries()) {
      const record = records[index];
      if (!record) continue;
      const sendAs =
        (agent: number): Send =>
        (caller, operation, subject) =>
          gatewayFor(agent).serve({ caller, operation, subject, record });
      const common = { clock, until, beginsWithinMs: scenario.allBeginWithinMs ?? work.accountMs };
      for (let one = 0; one < count; one += 1) {
        agents += 1;
        const own = {
          ...common,
          caller: `${record.tenant}/${one}`,
          random: random.fork(),
          send: sendAs(agents),
        };
        workers.push(runAgent({ ...own, work }));
        if (one % agentsPerSupervisor === 0) {
          workers.push(
            runLists({ ...own, caller: `${own.caller}/lists`, random: random.fork() }, 2 * minuteMs),
          );
        }
      }
      if (index === 0 && scenario.hasRunawayClient) {
        const runaway = { ...common, caller: `${record.tenant}/program`, beginsWithinMs: 0 };
        const started = clock
          .sleep(onsetMs)
          .then(() =>
            Promise.all(
              Array.from({ length: 64 }, () =>
                runLists({ ...runaway, random: random.fork(), send: sendAs(0) }, 0),
              ),
            ),
          );
        workers.push(started.then(() => {}));
      }
    }
    if (scenario.losesReplica) {
      workers.push(
        clock.sleep(1.5 * minuteMs).then(() => {
          for (const gateway of gateways.slice(0, size.workers)) gateway.kill();
        }),
      );
    }
    const all = Promise.all(workers);
    await clock.runUntil(until);
    const cpuMs = Math.max(...gateways.map(({ cpu }) => cpu.busyMs()));
    const utilisation = {
      cpu: cpuMs / until,
      SCOLLECT: upstreams.SCOLLECT.utilisation(until),
      RECOVERY_CONNECT: upstreams.RECOVERY_CONNECT.utilisation(until),
    };
    // Agents end their last account, and what is in flight ends.
    await clock.runUntil(until + 24 * 60 * minuteMs);
    await all;
    return { tenants: records, virtualMs: until, utilisation };
  } finally {
    clock.restore();
  }
};
