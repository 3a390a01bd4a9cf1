import { createRateLimit, type RateLimit } from '../../../src/http/rate-limit.ts';
import type { Deadline } from '../../../src/lib/deadline.ts';
import { defaultLimits } from '../../../src/operation/limits.ts';
import { createCallBudget } from '../../../src/request/call-budget.ts';
import { createRequestLives } from '../../../src/request/request-life.ts';
import type { CallOptions } from '../../../src/upstreams/client/client.ts';
import type { Upstreams } from '../../../src/upstreams/upstreams.ts';
import { type Cpu, cpuCost, createCpu } from './cpu.ts';
import { type DeskOperation, type PlannedCall, roundsOf, type Subject } from './operations.ts';
import { outcomeOfError, type RequestOutcome } from './outcomes.ts';
import type { TenantRecord } from './record.ts';

/** A request to a process. */
export interface SimulatedRequest {
  readonly caller: string;
  readonly operation: DeskOperation | 'List';
  readonly subject: Subject;
  readonly record: TenantRecord;
}

/** One gateway process, made of the parts of the real one. */
export interface GatewayProcess {
  /** Executes a request. Each ends exactly once, and is counted in its record. */
  serve(request: SimulatedRequest): Promise<RequestOutcome>;
  isAlive(): boolean;
  /** Ends the process: requests in flight are lost. */
  kill(): void;
  readonly cpu: Cpu;
}

export interface ProcessOptions {
  /** The clients of a tenant. */
  upstreamsOf(tenant: string): Upstreams;
  readonly requestTimeoutMs: number;
  readonly upstreamTimeoutMs: number;
  readonly perCaller: number;
  /** Limits that processes share; by default each has its own. */
  readonly rateLimit?: RateLimit;
  /** The deadline that identifies a request in queues: another one than its own changes the order of the queue. */
  readonly requesterOf?: (own: Deadline, tenant: string) => Deadline;
}

/** Callers are told at once that the limit of requests is reached, and the desk shows that. */
const refusedAtOnce: RequestOutcome = 'rate limit';

export const createGatewayProcess = (options: ProcessOptions): GatewayProcess => {
  const { upstreamsOf, requestTimeoutMs, upstreamTimeoutMs, requesterOf = (own) => own } = options;
  const rateLimit = options.rateLimit ?? createRateLimit(options.perCaller, 200_000);
  const lives = createRequestLives(requestTimeoutMs);
  const cpu = createCpu();
  const losing = new Set<() => void>();
  let isAlive = true;

  const execute = async ({
    caller,
    operation,
    subject,
    record,
  }: SimulatedRequest): Promise<RequestOutcome> => {
    if ((await rateLimit.take(caller)) !== null) return refusedAtOnce;
    const rounds = roundsOf(operation);
    const calls = rounds.reduce((sum, round) => sum + round.length, 0);
    await cpu.work((cpuCost.request + calls * cpuCost.call) / 2);
    const life = lives.begin();
    const budget = createCallBudget(defaultLimits.maxUpstreamCalls);
    const upstreams = upstreamsOf(record.tenant);
    const deadline = requesterOf(life.deadline, record.tenant);

    const call = async ({ endpoint, input }: PlannedCall): Promise<RequestOutcome> => {
      const begin = performance.now();
      const onCall: CallOptions['onCall'] = (_, isShared) => {
        if (isShared) {
          record.joined += 1;
        } else {
          record.exchanges += 1;
          record.waits.add(performance.now() - begin);
        }
        return () => {};
      };
      try {
        if (endpoint.effect === 'read') budget.read();
        else budget.wrote();
        await upstreams[endpoint.system].call(endpoint, input(subject), {
          signal: life.signal,
          deadline,
          onCall,
        });
        return 'whole';
      } catch (error) {
        return outcomeOfError(error, performance.now() - begin, upstreamTimeoutMs);
      }
    };

    let outcome: RequestOutcome = 'whole';
    for (const round of rounds) {
      const ends = await Promise.all(round.map(call));
      outcome = ends.find((end) => end !== 'whole') ?? 'whole';
      // The next round needs the responses of this one.
      if (outcome !== 'whole') break;
    }
    await cpu.work((cpuCost.request + calls * cpuCost.call) / 2);
    life.end();
    return outcome;
  };

  return {
    serve: (request) =>
      new Promise((resolve, reject) => {
        const { record, operation } = request;
        const begin = performance.now();
        record.started += 1;
        const end = (outcome: RequestOutcome): void => {
          // What ends after the process has ended is not noticed by anybody.
          if (!losing.delete(lose)) return;
          record.ended[outcome] += 1;
          const milliseconds = performance.now() - begin;
          record.responses.add(milliseconds);
          if (operation !== 'List') record.small.add(milliseconds);
          resolve(outcome);
        };
        const lose = (): void => end('process lost');
        losing.add(lose);
        execute(request).then(end, reject);
      }),
    isAlive: () => isAlive,
    kill: () => {
      isAlive = false;
      for (const lose of [...losing]) lose();
    },
    cpu,
  };
};
