import type { Drift, ResponseExaminer } from '../endpoint/drift.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import type { HttpReply, Verdict } from '../endpoint/verdict.ts';
import { createResponseSampler } from './response-sampler.ts';
import { TransportError, transportFailure } from './transport-error.ts';
import type { UpstreamObserver } from './upstream-observer.ts';
import { isFailure, type VerdictName, verdictNameOf, verdictWithoutResponse } from './verdict-name.ts';

/** The part of the options of a call that its report depends on. */
interface Sent {
  readonly isLogIn?: true;
  readonly ticket?: { remainingMs(): number };
  readonly onTokenRefused?: unknown;
}

/** Reports exchanges to an observer: their verdicts, failures, and deviations from the documented responses. */
export interface ExchangeReports {
  /** Whether the response to an exchange is to be compared with the documented ones. @param now monotonic milliseconds. */
  isExamined(endpoint: Endpoint, now: number): boolean;
  /** A response was judged. Returns the verdict as it is reported. */
  onReply(
    endpoint: Endpoint,
    verdict: Verdict,
    reply: HttpReply,
    milliseconds: number,
    sent: Sent,
    isExamined: boolean,
  ): VerdictName;
  /** No whole response arrived. Returns the verdict as it is reported. */
  onLoss(endpoint: Endpoint, error: unknown, milliseconds: number, sent: Sent): VerdictName;
  /** Rows of a list were accepted. */
  onRows(endpoint: Endpoint, rows: unknown): void;
}

/** Whether a read was cancelled because all of its callers left before their deadlines. */
const isAbandoned = (error: unknown, { ticket }: Sent): boolean =>
  error instanceof TransportError && error.loss === 'left' && (ticket?.remainingMs() ?? 0) > 0;

/** @param examiner compares samples of responses with the documented ones; by default none are compared. */
export const createExchangeReports = (
  observer: UpstreamObserver,
  examiner: ResponseExaminer | undefined,
): ExchangeReports => {
  const isSampled = createResponseSampler();

  /** Reports the deviations of a response. Whatever it contains, comparing it does not change the result of a call. */
  const reportDrift = (endpoint: Endpoint, compare: () => readonly Drift[]): void => {
    let drifts: readonly Drift[];
    try {
      drifts = compare();
    } catch {
      drifts = [{ kind: 'envelope', at: '', shape: 'cannot be compared' }];
    }
    if (drifts.length > 0) observer.onDrift?.(endpoint, drifts);
  };

  /** Reports a failed call. A refused token is no failure while the call can be repeated with another one. */
  const reportFailure = (endpoint: Endpoint, name: VerdictName, reply: HttpReply, sent: Sent): void => {
    if (!isFailure(name) || (name === 'token' && sent.onTokenRefused)) return;
    observer.onFailure?.(endpoint, name, reply.status, () => examiner?.sampleOf(reply) ?? '');
  };

  return {
    isExamined: (endpoint, now) => examiner !== undefined && isSampled(endpoint, now),
    onReply: (endpoint, verdict, reply, milliseconds, sent, isExamined) => {
      const name = verdictNameOf(endpoint, verdict, sent.isLogIn);
      observer.onExchange?.(endpoint, name, reply.status, milliseconds);
      reportFailure(endpoint, name, reply, sent);
      // A response that cannot be read at all is rare, and always compared.
      const isUnreadable = 'reason' in verdict && verdict.reason === 'unreadable';
      if (examiner && (isExamined || isUnreadable)) {
        reportDrift(endpoint, () => examiner.driftOf(endpoint, reply, verdict));
      }
      return name;
    },
    onLoss: (endpoint, error, milliseconds, sent) => {
      const name = verdictWithoutResponse(endpoint, error);
      if (!isAbandoned(error, sent)) {
        observer.onExchange?.(endpoint, name, null, milliseconds);
        observer.onFailure?.(endpoint, name, null, () => `no response (${transportFailure(error)})`);
      }
      return name;
    },
    onRows: (endpoint, rows) => {
      if (!examiner || !Array.isArray(rows) || !isSampled(endpoint, performance.now())) return;
      reportDrift(endpoint, () => examiner.driftOfRows(endpoint, rows));
    },
  };
};
