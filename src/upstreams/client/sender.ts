import type { CancelSignal } from '../../lib/abort-signal.ts';
import type { ResponseExaminer } from '../endpoint/drift.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { leftOutOf } from '../endpoint/left-out.ts';
import { type HttpReply, type Judge, type Judged, judged, type Verdict } from '../endpoint/verdict.ts';
import type { UpstreamSystem } from '../errors.ts';
import type { RowsTarget } from '../rows/rows-body.ts';
import { createBodyParsers, parseJson } from './body-parser.ts';
import { type BreakerState, type CallHealth, createBreaker } from './breaker.ts';
import { createBulkhead, type Ticket } from './bulkhead.ts';
import { describeOutcome, healthOf } from './call-health.ts';
import type { Content } from './content.ts';
import { createExchangeReports } from './exchange-reports.ts';
import { createHeaders } from './headers.ts';
import type { Http, HttpRequest } from './http.ts';
import { pauseUnlessAborted } from './pause.ts';
import { checkResponse } from './response-check.ts';
import { type AttemptOutcome, createRetryBudget, pauseBeforeRetry } from './retry.ts';
import type { SharedSlots } from './shared-slots.ts';
import { cancelled } from './transport-error.ts';
import type { UpstreamObserver } from './upstream-observer.ts';
import type { OnExchangeEnd } from './wait-times.ts';

type OnExchange = (endpoint: Endpoint, isShared: false, resends: number) => OnExchangeEnd;

export interface SendOptions {
  readonly token?: string;
  /**
   * The requesters of the call. A call without them, such as a log-in that all calls wait for, needs no concurrency
   * slot.
   */
  readonly ticket?: Ticket;
  /** Cancels an exchange, or the wait for a slot. */
  readonly signal?: CancelSignal | undefined;
  /** After it nothing is sent and no call waits for a slot. An exchange in flight continues. */
  readonly deadline?: CancelSignal | undefined;
  /** Awaited before each exchange. If it throws, nothing is sent. */
  readonly beforeSending?: (() => Promise<void>) | undefined;
  /** Receives the rows of each response while they arrive. */
  readonly rows?: RowsTarget | undefined;
  /** Called when an exchange begins. The returned function receives the HTTP status. */
  readonly onExchange?: OnExchange | undefined;
  /** Whether the call is a log-in. */
  readonly isLogIn?: true;
  /** Whether the text of a successful response is kept, to be cached. */
  readonly keepsText?: boolean | undefined;
  /** Called if the token is refused; its result replaces the response. */
  readonly onTokenRefused?: ((refused: Judged) => Promise<Judged>) | undefined;
}

/** Sends calls to one upstream, within the limits of concurrency, retries and the circuit breaker. */
export interface Sender {
  /**
   * Executes one exchange, with retries where they are allowed.
   *
   * @throws {TransportError} if no whole response arrived.
   * @throws {OverloadError | BreakerOpenError} if the call was not sent.
   */
  send(endpoint: Endpoint, content: Content, options: SendOptions): Promise<Judged>;
  /**
   * Checks rows of a list against the requested keys (`checkResponse`), and reports a mismatch. Samples of them are
   * compared with the documented rows.
   */
  acceptRows(endpoint: Endpoint, content: Content, verdict: Verdict): Verdict;
  /** Judges the text of an earlier response as if it had just arrived, without reporting it. */
  judgeAgain(endpoint: Endpoint, content: Content, earlier: { status: number; text: string }): Judged;
  state(): SenderState;
  /** Waits for the exchanges in flight except log-ins, and closes all connections. */
  close(): Promise<void>;
}

export interface SenderState {
  readonly breaker: BreakerState;
  readonly inFlight: number;
  readonly waiting: number;
  /** The concurrency slots of this process. */
  readonly slots: number;
}

export interface SenderOptions {
  readonly system: UpstreamSystem;
  readonly http: Http;
  readonly judge: Judge;
  readonly maxConcurrency: number;
  /** The share in the slots that processes share; by default all slots belong to this one. */
  readonly sharedSlots?: SharedSlots | undefined;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
  readonly observer: UpstreamObserver;
  /** Compares samples of responses with the documented ones; by default none. */
  readonly examiner?: ResponseExaminer;
}

/** The circuit breaker is open, because the upstream failed repeatedly. */
export class BreakerOpenError extends Error {
  /** Seconds until the upstream is called again. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super('The circuit breaker of the upstream is open.');
    this.name = 'BreakerOpenError';
    this.retryAfter = retryAfter;
  }
}

// A few calls show that an upstream is down. One call in five seconds shows soon that it is available again.
const breakerOptions = { failures: 5, pauseMs: 1000, maxPauseMs: 5000 };

/** The maximum pause before a retry, whatever the upstream requests. */
const longestPauseMs = 10_000;

const judgedOf = (ending: AttemptOutcome): Judged => {
  if ('error' in ending) throw ending.error;
  return ending.judged;
};

export const createSender = (options: SenderOptions): Sender => {
  const { system, http, judge, maxConcurrency, sharedSlots, maxWaiting, maxWaitMs, observer, examiner } =
    options;
  const slots = sharedSlots ? sharedSlots.bound : () => maxConcurrency;
  const bulkhead = createBulkhead({ slots, onWait: sharedSlots?.request, maxWaiting, maxWaitMs });
  sharedSlots?.renewFor(bulkhead);
  const budget = createRetryBudget();
  const parserOf = createBodyParsers();
  const headersFor = createHeaders();
  const reports = createExchangeReports(observer, examiner);
  let lastFailure = '';
  const closing = new AbortController();
  const breaker = createBreaker({
    ...breakerOptions,
    onChange: (state) => observer.onBreaker?.(system, state, lastFailure),
  });

  const requestOf = (
    endpoint: Endpoint,
    content: Content,
    { token, signal, rows, keepsText }: SendOptions,
    isExamined: boolean,
    { headers }: Pick<OnExchangeEnd, 'headers'> = {},
  ): HttpRequest => ({
    method: content.method,
    path: content.path,
    body: content.body,
    headers: headers ? headersFor(content, token).concat(headers) : headersFor(content, token),
    signal,
    isLarge: endpoint.isLarge,
    rows: rows && {
      ...rows,
      onLeftOut: (count) => observer.onIncomplete?.(endpoint, count),
      isGood: (begun) =>
        checkResponse(endpoint, content.requested, judged(judge, endpoint, begun).verdict).kind === 'ok',
    },
    // Comparing all keys of a row would count as requesting them.
    parse: isExamined ? parseJson : parserOf(endpoint),
    keepsText,
  });

  const accept = (endpoint: Endpoint, content: Content, verdict: Verdict): Verdict => {
    const response = checkResponse(endpoint, content.requested, verdict);
    if (response !== verdict) observer.onMismatch?.(endpoint);
    return response;
  };

  const acceptRows: Sender['acceptRows'] = (endpoint, content, verdict) => {
    const response = accept(endpoint, content, verdict);
    if (response.kind === 'ok') reports.onRows(endpoint, response.payload);
    return response;
  };

  const judgedFor = (endpoint: Endpoint, content: Content, reply: HttpReply): Judged => {
    const all = judged(judge, endpoint, reply);
    const verdict = accept(endpoint, content, all.verdict);
    const leftOut = verdict.kind === 'ok' ? leftOutOf(verdict.payload).length : 0;
    if (leftOut > 0) observer.onIncomplete?.(endpoint, leftOut);
    if (reply.text !== undefined && verdict.kind === 'ok') return { ...all, verdict, text: reply.text };
    return verdict === all.verdict ? all : { ...all, verdict };
  };

  const judgeAgain: Sender['judgeAgain'] = (endpoint, content, { status, text }) => {
    const all = judged(judge, endpoint, { status, headers: {}, json: parserOf(endpoint)(text) });
    return { ...all, verdict: checkResponse(endpoint, content.requested, all.verdict) };
  };

  /** Executes one exchange. The promise is always fulfilled; a missing response is one of its outcomes. */
  const exchange = (
    endpoint: Endpoint,
    content: Content,
    sent: SendOptions,
    tries: number,
  ): Promise<AttemptOutcome> => {
    const begin = performance.now();
    const isExamined = reports.isExamined(endpoint, begin);
    const onEnd = sent.onExchange?.(endpoint, false, tries - 1);
    const request = requestOf(endpoint, content, sent, isExamined, onEnd);
    return http.send(request).then(
      (reply) => {
        const milliseconds = performance.now() - begin;
        observer.onReply?.(endpoint, reply);
        const response = judgedFor(endpoint, content, reply);
        const verdict = reports.onReply(endpoint, response.verdict, reply, milliseconds, sent, isExamined);
        onEnd?.(reply.status, verdict);
        return { judged: response };
      },
      (error: unknown) => {
        const verdict = reports.onLoss(endpoint, error, performance.now() - begin, sent);
        onEnd?.(null, verdict);
        return { error };
      },
    );
  };

  /** Returns the pause before a retry, taken from the budget; `null` if there is no retry. */
  const pauseAfter = (
    endpoint: Endpoint,
    ending: AttemptOutcome,
    tries: number,
    sent: SendOptions,
  ): number | null => {
    const wait = pauseBeforeRetry(endpoint.effect, ending, tries);
    if (wait === null) return null;
    const leftMs = Math.min(sent.ticket?.remainingMs() ?? longestPauseMs, longestPauseMs);
    // A failed probe of the circuit breaker is reported without retries.
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
    if (health === 'failure') lastFailure = describeOutcome(ending);
    report(health);
    if (health === 'success') budget.succeeded();
  };

  /** Repeats a call whose token was refused. Without another token the call failed. */
  const withNewToken = async (
    endpoint: Endpoint,
    refused: Judged,
    { onTokenRefused }: SendOptions,
  ): Promise<Judged> => {
    const response = onTokenRefused ? await onTokenRefused(refused) : refused;
    if (onTokenRefused && response === refused) {
      observer.onFailure?.(endpoint, 'token', refused.status, () => 'no other token');
    }
    return response;
  };

  // One function: each further async function of a call costs a promise and time.
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
      // The breaker may have opened during the wait.
      const report = breaker.pass();
      if (!report) throw opened();
      try {
        if (sent.beforeSending) await sent.beforeSending();
        if (sent.deadline?.aborted) throw cancelled(sent.deadline);
        ending = await exchange(endpoint, content, sent, tries);
      } catch (error) {
        ending = { error };
      }
      wait = pauseAfter(endpoint, ending, tries, sent);
      reportHealth(report, ending, wait === null);
    } finally {
      leave?.();
    }
    if (wait === null) {
      const response = judgedOf(ending);
      return response.verdict.kind === 'token' ? withNewToken(endpoint, response, sent) : response;
    }
    observer.onRetry?.(endpoint);
    await pauseUnlessAborted(wait, sent.signal);
    return send(endpoint, content, sent, tries + 1);
  };

  return {
    // After `close` nobody waits for calls without requesters.
    send: (endpoint, content, options) =>
      send(endpoint, content, options.ticket ? options : { ...options, signal: closing.signal }, 1),
    acceptRows,
    judgeAgain,
    state: () => ({
      breaker: breaker.state(),
      inFlight: bulkhead.inFlight(),
      waiting: bulkhead.waiting(),
      slots: slots(),
    }),
    close: async () => {
      closing.abort();
      await http.close();
      await sharedSlots?.close();
    },
  };
};
