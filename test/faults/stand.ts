import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { ledgerInMemory, type Reply, startGateway } from '../support/gateway.ts';
import type { Injection } from './injection.ts';
import { plainReads } from './works.ts';

/** How long an exchange and a whole request may take. */
export interface Patience {
  readonly timeoutMs: number;
  readonly requestTimeoutMs: number;
}

/** Time enough for all tries of a read, with the second between them that a rate limit asks for. */
export const usual: Patience = { timeoutMs: 700, requestTimeoutMs: 3000 };

/** The deadline of a request passes while its exchange is in flight. */
export const hasty: Patience = { timeoutMs: 1600, requestTimeoutMs: 600 };

/** How much later than its deadline an answer may come, on a machine that has nothing else to do. */
const lenience = 100;

/** No answer of the sandbox that is asked for here is longer. */
const maxAnswerBytes = 1_000_000;

type Gateway = Awaited<ReturnType<typeof startGateway>>;

/** A sandbox, and a healthy gateway on it which returns the correct data. */
export interface Stand {
  readonly sandbox: Sandbox;
  readonly upstreams: Gateway['upstreams'];
  readonly ledger: Awaited<ReturnType<typeof ledgerInMemory>>;
  /** What a query answers while nothing fails. */
  calm(document: string): Promise<unknown>;
  close(): Promise<void>;
}

export const openStand = async (sandbox?: Sandbox): Promise<Stand> => {
  const own = sandbox ?? (await startSandbox());
  const ledger = await ledgerInMemory();
  const { query, upstreams } = await startGateway({ sandbox: own, ledger });
  const answers = new Map<string, unknown>();
  const calm: Stand['calm'] = async (document) => {
    if (!answers.has(document)) {
      const { data, errors } = await query(document);
      expect(errors, document).toBeUndefined();
      answers.set(document, data);
    }
    return answers.get(document);
  };
  // Its log-ins must not meet the faults of others.
  await calm(`{ ${plainReads.SCOLLECT.selection} ${plainReads.RECOVERY_CONNECT.selection} }`);
  return {
    sandbox: own,
    upstreams,
    ledger,
    calm,
    close: () => own.close(),
  };
};

/** The longest time for which this process was not free to do anything; it grows as others use the machine. */
export const watchLoop = () => {
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  return {
    /** In milliseconds. */
    worst: async (): Promise<number> => {
      // What has held it up until now is known in its next turn.
      await pause(10);
      delays.disable();
      return delays.max / 1e6;
    },
    stop: (): void => void delays.disable(),
  };
};

/** What must not happen on the busiest of machines. */
export class InexcusableError extends Error {}

/** What no answer may hold: texts of the upstreams' pages, exceptions and proxies. */
const upstreamText =
  /<\/?[a-z]+>|nginx|Flask|browser|Exception|Traceback|\.php|vendor|Illuminate|toArray|trace|ECONN|socket|127\.0\.0\.1|invalid\b.*\bhost/i;

/** A gateway whose upstreams fail on request. */
export interface Subject {
  /** Asks, and checks what holds of every answer: it is in time, and has no text of an upstream. */
  ask(document: string, variables?: object): Promise<Reply>;
}

export const startSubject = async (
  { sandbox, observer }: Pick<Injection, 'sandbox' | 'observer'>,
  { ledger }: Stand,
  patience: Patience,
): Promise<Subject> => {
  const gateway = await startGateway({
    sandbox,
    observer,
    ledger,
    ...patience,
    limits: { maxResponseBytes: maxAnswerBytes },
  });
  return {
    ask: async (document, variables) => {
      const loop = watchLoop();
      const begin = performance.now();
      const reply = await gateway.query(document, variables);
      const elapsed = performance.now() - begin;
      const slack = await loop.worst();
      const text = JSON.stringify(reply);
      if (upstreamText.test(text)) throw new InexcusableError(`A text of an upstream: ${text}`);
      expect(elapsed, `answered in time, but for ${slack} ms that others took`).toBeLessThanOrEqual(
        patience.requestTimeoutMs + lenience + slack,
      );
      expect(reply.status).toBe(200);
      return reply;
    },
  };
};

/** Tries until it goes well, for as long as a breaker and a log-in may be held off for what has passed. */
export const eventually = async (attempt: () => Promise<void>): Promise<void> => {
  const begin = performance.now();
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (performance.now() - begin > 6000) throw error;
      await pause(100);
    }
  }
};
