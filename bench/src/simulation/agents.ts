import { accountPage, type DeskOperation, type Subject } from './operations.ts';
import type { RequestOutcome } from './outcomes.ts';
import type { Random } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Sends a request, to whichever process the load balancer chooses. */
export type Send = (
  caller: string,
  operation: DeskOperation | 'List',
  subject: Subject,
) => Promise<RequestOutcome>;

/** How agents work. Assumptions, stated in docs/scale.md. */
export interface Work {
  /** Mean milliseconds between the accounts of an agent: reading, calling, wrapping up. */
  readonly accountMs: number;
  readonly searches: number;
  readonly notes: number;
  readonly attempts: number;
  readonly payments: number;
  readonly orders: number;
}

export const usualWork: Work = {
  accountMs: 240_000,
  searches: 0.3,
  notes: 0.8,
  attempts: 0.6,
  payments: 0.04,
  orders: 0.05,
};

interface AgentOptions {
  readonly caller: string;
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly send: Send;
  readonly work: Work;
  /** The virtual time after which no further work begins. */
  readonly until: number;
  /** Milliseconds in which the agent begins. */
  readonly beginsWithinMs: number;
}

const anySubject = (random: Random): Subject => ({
  fileNumber: `R${1_000_000 + random.below(8_000_000)}`,
  orderId: String(1_000_000 + random.below(8_000_000)),
});

/** One agent: opens an account, reads, and saves what came of the call. */
export const runAgent = async (options: AgentOptions): Promise<void> => {
  const { caller, random, clock, send, work, until, beginsWithinMs } = options;
  await clock.sleep(random.between(0, beginsWithinMs));
  while (clock.now() < until) {
    const subject = anySubject(random);
    const maybe = async (probability: number, operation: DeskOperation): Promise<void> => {
      if (random.chance(probability) && clock.now() < until) await send(caller, operation, subject);
    };
    await maybe(work.searches, 'AccountsByPhone');
    await Promise.all(accountPage.map((operation) => send(caller, operation, subject)));
    await maybe(work.orders, 'OrderDetails');
    await clock.sleep(random.exponential(work.accountMs * 0.7));
    await maybe(work.attempts, 'RecordAttempt');
    await maybe(work.notes, 'AddNote');
    await maybe(work.payments, 'RunPayment');
    await clock.sleep(random.exponential(work.accountMs * 0.3));
  }
};

/** A client that requests lists again and again. @param pauseMs the mean pause after each of them. */
export const runLists = async (
  { caller, random, clock, send, until, beginsWithinMs }: Omit<AgentOptions, 'work'>,
  pauseMs: number,
): Promise<void> => {
  await clock.sleep(random.between(0, beginsWithinMs));
  while (clock.now() < until) {
    await send(caller, 'List', anySubject(random));
    await clock.sleep(Math.max(1, random.exponential(pauseMs)));
  }
};
