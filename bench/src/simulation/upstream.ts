import type { HttpReply } from '../../../src/upstreams/endpoint/verdict.ts';
import type { Random } from './random.ts';

/** A simulated upstream system, which all tenants share. */
export interface SimulatedUpstream {
  /**
   * Executes a call: it waits for one of the servers, and takes a service time. It is executed even if its caller has
   * left, as by a server that learns of that too late.
   */
  handle(
    tenant: string,
    isWrite: boolean,
    respond: () => HttpReply,
    onReply: (reply: HttpReply) => void,
  ): void;
  /** The share of the time in which servers were busy. @param milliseconds the duration of the run. */
  utilisation(milliseconds: number): number;
  /** The calls that were executed. */
  calls(): number;
}

export interface UpstreamModel {
  /** Calls that it executes at once. */
  readonly servers: number;
  readonly readMedianMs: number;
  readonly writeMedianMs: number;
  /** The standard deviation of the logarithm of service times; 0 for constant ones. `exponential` for that distribution. */
  readonly spread: number | 'exponential';
  /** By how much it is slower at a time, for a tenant. */
  slowdown?(tenant: string): number;
  /** The share of its calls that fail with HTTP 503. */
  failures?(tenant: string): number;
}

const unavailable: HttpReply = {
  status: 503,
  headers: {},
  json: undefined,
  page: { isHtml: true, length: 100 },
};

/** Milliseconds after which a failing upstream answers. */
const failureMs = 20;

export const createSimulatedUpstream = (model: UpstreamModel, random: Random): SimulatedUpstream => {
  const queue: (() => void)[] = [];
  let first = 0;
  let busy = 0;
  let busyMs = 0;
  let calls = 0;

  const serviceMs = (tenant: string, isWrite: boolean): number => {
    const median = isWrite ? model.writeMedianMs : model.readMedianMs;
    const own =
      model.spread === 'exponential' ? random.exponential(median) : random.logNormal(median, model.spread);
    return own * (model.slowdown?.(tenant) ?? 1);
  };

  const next = (): void => {
    const start = queue[first];
    if (!start) return;
    first += 1;
    if (first > 10_000) {
      queue.splice(0, first);
      first = 0;
    }
    start();
  };

  return {
    handle: (tenant, isWrite, respond, onReply) => {
      const start = (): void => {
        busy += 1;
        const isFailure = random.chance(model.failures?.(tenant) ?? 0);
        const milliseconds = isFailure ? failureMs : serviceMs(tenant, isWrite);
        setTimeout(() => {
          busy -= 1;
          busyMs += milliseconds;
          calls += 1;
          onReply(isFailure ? unavailable : respond());
          next();
        }, milliseconds);
      };
      if (busy < model.servers) start();
      else queue.push(start);
    },
    utilisation: (milliseconds) => busyMs / milliseconds / model.servers,
    calls: () => calls,
  };
};
