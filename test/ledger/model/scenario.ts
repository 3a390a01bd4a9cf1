import type { PendingWrite } from '../../../src/ledger/ledger.ts';
import type { Mutation } from './simulated-gateway.ts';
import type { CallEnd, Conduct } from './upstream.ts';

/** How often something may happen in one run. Everything that may happen, may happen at any step. */
export interface Limits {
  /** Time passes by a third of a lease. Processes may be halted meanwhile. */
  readonly ticks: number;
  /** A gateway dies. What it has sent to the store or the upstream may still be executed. */
  readonly crashes: number;
  /** A new gateway starts after a crash, and its client repeats the request. */
  readonly restarts: number;
  /** The connection to the store breaks: whether, and when, the call is executed is not known. */
  readonly losses: number;
  /** The store has executed a call, but its answer comes later. */
  readonly delays: number;
  /** A gateway renews a lease. */
  readonly renewals: number;
  /** A gateway looks for writes of dead gateways. */
  readonly looks: number;
  /** The wall clock of the machines is set, in either direction. */
  readonly clockSteps: number;
  /** A whole lease passes. */
  readonly leases: number;
  /** Time passes by half the life of a key. */
  readonly longTicks: number;
  /** An operator resolves an outcome. */
  readonly resolutions: number;
}

export interface Scenario {
  readonly name: string;
  /** The requests with the same key that each gateway gets. */
  readonly requests: readonly number[];
  readonly conducts: readonly Conduct[];
  /**
   * A `careful` operator looks for the charge while no call is in flight, and reports what is true at that time. A
   * `hasty` one reports that nothing was executed if the charge cannot be seen yet.
   */
  readonly operator?: 'careful' | 'hasty';
  readonly limits: Partial<Limits>;
  /** Milliseconds for which a key is kept; so long by default that none expires. */
  readonly keyLifeMs?: number;
  readonly mutation?: Mutation;
  readonly execute?: Executor;
}

/** Sends the call of a write, as the mutations with an idempotency key do. */
export type Executor = (
  write: PendingWrite,
  send: () => Promise<CallEnd>,
) => Promise<
  { readonly kind: 'settled'; readonly outcome: string } | { readonly kind: 'unknown' | 'released' | 'lost' }
>;

export const attemptOf = (end: CallEnd) =>
  end.kind === 'answered'
    ? ({ kind: 'settled', outcome: end.outcome } as const)
    : ({ kind: end.kind === 'lost' ? 'unknown' : 'released' } as const);

export const executor: Executor = async ({ claim }, send) => {
  const isOwn = await claim().catch(() => null);
  // A store that fails before the call keeps it from being sent.
  if (isOwn === null) return { kind: 'released' };
  return isOwn ? attemptOf(await send()) : { kind: 'lost' };
};
