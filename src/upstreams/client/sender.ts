import type { CancelSignal } from '../../lib/abort-signal.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { leftOutOf } from '../endpoint/left-out.ts';
import { type HttpReply, type Judge, type Judged, judged, type Verdict } from '../endpoint/verdict.ts';
import type { UpstreamSystem } from '../errors.ts';
import type { RowsTarget } from '../rows/rows-body.ts';
import { createBodyParsers } from './body-parser.ts';
import { type BreakerState, type CallHealth, createBreaker } from './breaker.ts';
import { createBulkhead, type Ticket } from './bulkhead.ts';
import type { Content } from './content.ts';
import { createHeaders } from './headers.ts';
import type { Http, HttpRequest } from './http.ts';
import { checkResponse } from './response-check.ts';
import { type AttemptOutcome, createRetryBudget, pauseBeforeRetry } from './retry.ts';
import { cancelled, TransportError } from './transport-error.ts';

/** Waits so many milliseconds, or until nobody does any more. */
const pause = (milliseconds: number, signal: CancelSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end, { once: true });
  });

type OnExchange = (endpoint: Endpoint, isShared: false) => (status: number | null) => void;

export interface SendOptions {
  readonly token?: string;
  /** Whom it is sent for; what has none, as a log-in that all calls wait for, does not wait for a place. */
  readonly ticket?: Ticket;
  /** Ends an exchange, or the wait for it. */
  readonly signal?: CancelSignal | undefined;
  /** Nothing is sent after it, and nothing waits for its turn. An exchange under way goes on. */
  readonly deadline?: CancelSignal | undefined;
  /** Is waited for right before each exchange; nothing is sent if it throws. */
  readonly beforeSending?: (() => Promise<void>) | undefined;
  /** Takes the rows of each answer as they come. */
  readonly rows?: RowsTarget | undefined;
  /** Hears of each exchange as it begins; what it returns hears how it ended. */
  readonly onExchange?: OnExchange | undefined;
  /** Takes over where the token is refused: what it gives is the answer then. */
  readonly onTokenRefused?: ((refused: Judged) => Promise<Judged>) | undefined;
}

/** Sends to one upstream, no more at a time and no more often than is good for it. */
export interface Sender {
  /**
   * Makes one exchange, and tries again what may and can be.
   *
   * @throws {TransportError} when no whole answer came.
   * @throws {OverloadError | BreakerOpenError} when it was not sent.
   */
  send(endpoint: Endpoint, content: Content, options: SendOptions): Promise<Judged>;
  /** Checks the rows of an answer against the requested keys (`answering`), and reports one that names others. */
  accept(endpoint: Endpoint, content: Content, verdict: Verdict): Verdict;
  state(): SenderState;
  /** Lets the exchanges under way finish, but for log-ins, and closes all connections. */
  close(): Promise<void>;
}

export interface SenderState {
  readonly breaker: BreakerState;
  readonly underWay: number;
  readonly waiting: number;
}

/** Hears what happens between the gateway and its upstreams, without any value. */
export interface UpstreamObserver {
  /** An exchange has ended: with an HTTP status, or without an answer. */
  onExchange?(endpoint: Endpoint, status: number | null, milliseconds: number): void;
  onRetry?(endpoint: Endpoint): void;
  /** An answer named another key than the one requested. */
  onMismatch?(endpoint: Endpoint): void;
  /** Rows of an answer lacked what identifies them, and were left out. */
  onIncomplete?(endpoint: Endpoint, rows: number): void;
  /** The breaker has changed; the failure is the last one: an HTTP status, a code of Node's, or how it was lost. */
  onBreaker?(system: UpstreamSystem, state: BreakerState, failure: string): void;
}

export interface SenderOptions {
  readonly system: UpstreamSystem;
  readonly http: Http;
  readonly judge: Judge;
  readonly maxConcurrency: number;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
  readonly observer: UpstreamObserver;
}

/** The upstream has failed so often of late that it is not asked for a while. */
export class BreakerOpenError extends Error {
  /** Seconds until it is asked again. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super('The upstream is not asked for a while.');
    this.name = 'BreakerOpenError';
    this.retryAfter = retryAfter;
  }
}

// An upstream that is down is known after a handful of calls, and one call in five seconds shows soon that it is back.
const breakerOptions = { failures: 5, pauseMs: 1000, maxPauseMs: 5000 };

/** For how long a try may wait, whatever the upstream says and whoever asks. */
const longestPauseMs = 10_000;

const healthOf = (ending: AttemptOutcome): CallHealth => {
  if ('judged' in ending) {
    const { isUnhealthy, verdict } = ending.judged;
    // Who limits rates is alive, and maybe ill.
    if (verdict.kind === 'rateLimited') return 'neither';
    return isUnhealthy ? 'failure' : 'success';
  }
  const loss = ending.error instanceof TransportError ? ending.error.loss : undefined;
  return loss === 'lost' || loss === 'timeout' ? 'failure' : 'neither';
};

/** What failed, for the log: nothing that came with the call or its answer. */
const failureOf = (ending: AttemptOutcome): string => {
  if ('judged' in ending) return `HTTP ${ending.judged.status}`;
  if (!(ending.error instanceof TransportError)) return 'unknown';
  const { loss, cause } = ending.error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : loss;
};

const judgedOf = (ending: AttemptOutcome): Judged => {
  if ('error' in ending) throw ending.error;
  return ending.judged;
};

export const createSender = (options: SenderOptions): Sender => {
  const { system, http, judge, maxConcurrency: slots, maxWaiting, maxWaitMs, observer } = options;
  const bulkhead = createBulkhead({ slots, maxWaiting, maxWaitMs });
  const budget = createRetryBudget();
  const parserOf = createBodyParsers();
  const headersFor = createHeaders();
  let lastFailure = '';
  const closing = new AbortController();
  const breaker = createBreaker({
    ...breakerOptions,
    onChange: (state) => observer.onBreaker?.(system, state, lastFailure),
  });

  const requestOf = (
    endpoint: Endpoint,
    content: Content,
    { token, signal, rows }: SendOptions,
  ): HttpRequest => ({
    method: content.method,
    path: content.path,
    body: content.body,
    headers: headersFor(content, token),
    signal,
    isLarge: endpoint.isLarge,
    rows: rows && {
      ...rows,
      onLeftOut: (count) => observer.onIncomplete?.(endpoint, count),
      isGood: (begun) =>
        checkResponse(endpoint, content.requested, judged(judge, endpoint, begun).verdict).kind === 'ok',
    },
    parse: parserOf(endpoint),
  });

  const accept: Sender['accept'] = (endpoint, content, verdict) => {
    const answer = checkResponse(endpoint, content.requested, verdict);
    if (answer !== verdict) observer.onMismatch?.(endpoint);
    return answer;
  };

  const judgedFor = (endpoint: Endpoint, content: Content, reply: HttpReply): Judged => {
    const all = judged(judge, endpoint, reply);
    const verdict = accept(endpoint, content, all.verdict);
    const leftOut = verdict.kind === 'ok' ? leftOutOf(verdict.payload).length : 0;
    if (leftOut > 0) observer.onIncomplete?.(endpoint, leftOut);
    return verdict === all.verdict ? all : { ...all, verdict };
  };

  /** Makes one exchange. Where no answer comes, that is how it ended, and nothing is rejected. */
  const exchange = (endpoint: Endpoint, content: Content, sent: SendOptions): Promise<AttemptOutcome> => {
    const request = requestOf(endpoint, content, sent);
    const onEnd = sent.onExchange?.(endpoint, false);
    const begin = performance.now();
    const reportExchange = (status: number | null): void => {
      observer.onExchange?.(endpoint, status, performance.now() - begin);
      onEnd?.(status);
    };
    return http.send(request).then(
      (reply) => {
        reportExchange(reply.status);
        return { judged: judgedFor(endpoint, content, reply) };
      },
      (error: unknown) => {
        reportExchange(null);
        return { error };
      },
    );
  };

  /** The pause before another try, where there may be one. It is taken from the budget. */
  const pauseAfter = (
    endpoint: Endpoint,
    ending: AttemptOutcome,
    tries: number,
    sent: SendOptions,
  ): number | null => {
    const wait = pauseBeforeRetry(endpoint.effect, ending, tries);
    if (wait === null) return null;
    const leftMs = Math.min(sent.ticket?.remainingMs() ?? longestPauseMs, longestPauseMs);
    // One that tries whether the upstream is back is told to have failed at once.
    const mayTry = wait < leftMs && !sent.signal?.aborted && breaker.state() === 'closed';
    return mayTry && budget.spend(ending) ? wait : null;
  };

  const opened = (): BreakerOpenError => new BreakerOpenError(Math.max(1, breaker.retryAfter()));

  const reportHealth = (
    report: (health: CallHealth) => void,
    ending: AttemptOutcome,
    isLast: boolean,
  ): void => {
    const health = isLast ? healthOf(ending) : 'neither';
    if (health === 'failure') lastFailure = failureOf(ending);
    report(health);
    if (health === 'success') budget.succeeded();
  };

  // All in one, since each async function that a call goes through takes a promise and some time of its own.
  const send = async (
    endpoint: Endpoint,
    content: Content,
    sent: SendOptions,
    tries: number,
  ): Promise<Judged> => {
    const { ticket, signal = sent.deadline } = sent;
    if (!breaker.isPassable()) throw opened();
    const leave = ticket && (await bulkhead.enter(ticket, signal));
    let ending: AttemptOutcome;
    let wait: number | null;
    try {
      // It may have opened while this one waited.
      const report = breaker.pass();
      if (!report) throw opened();
      try {
        if (sent.beforeSending) await sent.beforeSending();
        if (sent.deadline?.aborted) throw cancelled(sent.deadline);
        ending = await exchange(endpoint, content, sent);
      } catch (error) {
        ending = { error };
      }
      wait = pauseAfter(endpoint, ending, tries, sent);
      reportHealth(report, ending, wait === null);
    } finally {
      leave?.();
    }
    if (wait === null) {
      const answer = judgedOf(ending);
      return answer.verdict.kind === 'token' ? (sent.onTokenRefused?.(answer) ?? answer) : answer;
    }
    observer.onRetry?.(endpoint);
    await pause(wait, sent.signal);
    return send(endpoint, content, sent, tries + 1);
  };

  return {
    // Once this is closed nobody waits any more for what is sent for nobody in particular.
    send: (endpoint, content, asked) =>
      send(endpoint, content, asked.ticket ? asked : { ...asked, signal: closing.signal }, 1),
    accept,
    state: () => ({
      breaker: breaker.state(),
      underWay: bulkhead.inFlight(),
      waiting: bulkhead.waiting(),
    }),
    close: () => {
      closing.abort();
      return http.close();
    },
  };
};
