import type { Drift } from '../endpoint/drift.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import type { HttpReply } from '../endpoint/verdict.ts';
import type { UpstreamSystem } from '../errors.ts';
import type { BreakerState } from './breaker.ts';
import type { VerdictName } from './verdict-name.ts';

/** Callbacks for exchanges with the upstreams. All but `onReply` receive no values. */
export interface UpstreamObserver {
  /** A response arrived, complete and not judged yet: for the doctor, which examines its form. */
  onReply?(endpoint: Endpoint, reply: HttpReply): void;
  /**
   * An exchange ended: with an HTTP status, or without a response. Reads for which nobody waits any more are not
   * reported.
   */
  onExchange?(endpoint: Endpoint, verdict: VerdictName, status: number | null, milliseconds: number): void;
  /**
   * A call failed: its upstream did not work, or returned a response that cannot be used.
   *
   * @param sample describes the response without its values.
   */
  onFailure?(endpoint: Endpoint, verdict: VerdictName, status: number | null, sample: () => string): void;
  /** A response differs from the documented ones. Only samples of responses are compared. */
  onDrift?(endpoint: Endpoint, drifts: readonly Drift[]): void;
  onRetry?(endpoint: Endpoint): void;
  /** A response contained another key than the requested one. */
  onMismatch?(endpoint: Endpoint): void;
  /** Rows without an identifying value were left out of a response. */
  onIncomplete?(endpoint: Endpoint, rows: number): void;
  /**
   * The circuit breaker changed its state. `failure` describes the last failure: an HTTP status, an error code of Node,
   * or a kind of transport error.
   */
  onBreaker?(system: UpstreamSystem, state: BreakerState, failure: string): void;
}
