import { contextCacheSymbol } from '@pothos/core';
import { createOperationNotes } from '../audit/audit.ts';
import type { RequestHeaders } from '../auth/client-address.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { OpaqueDigest } from '../lib/opaque-digest.ts';
import type { Caller } from '../operation/caller.ts';
import type { Limits } from '../operation/limits.ts';
import type { Log } from '../telemetry/log.ts';
import type { Redactor } from '../telemetry/redaction/redact.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import type { Polls } from '../updates/polls.ts';
import type { Endpoint } from '../upstreams/endpoint/endpoint.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import type { AgencyCalendar } from '../values/agency-calendar.ts';
import { createCachedReads } from './cached-reads.ts';
import { createCallBudget } from './call-budget.ts';
import { bothOf, type CallParent, createCallSpans } from './call-spans.ts';
import type { Context, RequestOrigin, UpstreamTrace } from './context.ts';
import { Loaders } from './loaders.ts';
import type { RequestLives } from './request-life.ts';
import { createResponseBudget } from './response-budget.ts';
import type { ResponseWork } from './response-work.ts';
import { traceOf } from './upstream-trace.ts';

/** Objects that all requests share. */
export interface SharedServices {
  /** Returns the upstream clients, with their credentials, for a caller. */
  readonly upstreams: (caller: Caller) => Upstreams;
  readonly ledger: Ledger;
  /** The polls of what is followed. */
  readonly polls: Polls;
  /** The requests in flight. */
  readonly lives: RequestLives;
  /** The work on responses. */
  readonly responses: ResponseWork;
  readonly log: Log;
  /** Redacts the messages of errors and warnings. */
  readonly redactor: Redactor;
  /** The part of an id that stands for values which must not be shown. */
  readonly opaque: OpaqueDigest;
  /** The calendar of the agency. */
  readonly calendar: AgencyCalendar;
  /** Records traces; by default there are none. */
  readonly tracing?: Pick<Tracing, 'isForwarded'>;
  /** Returns the key by which the schema caches the permissions of a caller across its requests. */
  readonly scopeCacheKey: (caller: Caller) => Caller['scopes'];
}

/** The part of a request that determines its context. */
interface IncomingRequest extends Pick<RequestOrigin, 'requestId' | 'traceId' | 'caller'> {
  readonly request: { readonly headers: RequestHeaders } & CallParent;
}

/** The warning for a list without some rows, once per operation and response. */
export const rowsLeftOut = 'Some rows are incomplete and are not included.';

/** Creates the context of one request. Nothing in it outlives the request or is shared with another. */
export const createRequestContext = (
  { request, caller, requestId, traceId }: IncomingRequest,
  {
    upstreams,
    ledger,
    lives,
    polls,
    responses,
    log,
    redactor,
    opaque,
    calendar,
    scopeCacheKey,
    tracing,
  }: SharedServices,
  { maxUpstreamCalls, maxAnswerFields }: Limits,
): Context => {
  const warnings: Context['warnings'] = [];
  const onWarning = ({ system, operation }: Endpoint, message: string): void => {
    warnings.push({ upstream: system, operation, message: redactor.text(message) });
  };
  let incomplete: Set<string> | undefined;
  const onIncomplete = ({ system, operation }: Endpoint): void => {
    if (incomplete?.has(operation)) return;
    incomplete ??= new Set();
    incomplete.add(operation);
    warnings.push({ upstream: system, operation, message: rowsLeftOut });
  };
  const trace = traceOf(request);
  const spans = createCallSpans(request, tracing?.isForwarded ?? false);
  const life = lives.begin();
  const { signal, deadline } = life;
  const audit = createOperationNotes();
  const onCall: UpstreamTrace['onCall'] = (...call) => {
    audit.called();
    return bothOf(trace?.onCall(...call), spans?.(...call));
  };
  const calls = createCallBudget(maxUpstreamCalls);
  const cachedReads = createCachedReads(request.headers, (endpoint, ageMs) => {
    calls.notMade();
    trace?.onHit(endpoint, ageMs);
  });
  const options = { signal, deadline, onWarning, onIncomplete, onCall, cache: cachedReads };
  const clients = upstreams(caller);
  const answer = createResponseBudget(maxAnswerFields);
  return {
    [contextCacheSymbol]: scopeCacheKey(caller),
    life,
    loaders: new Loaders(clients, options, calls.read),
    write: (endpoint, input, own) => {
      calls.wrote();
      return clients[endpoint.system].call(endpoint, input, { ...options, ...own });
    },
    upstreams: clients,
    polls,
    calls,
    responseBudget: answer,
    pace: responses.begin({ caller, answer, signal }),
    ledger: caller.tenant === null ? ledger : ledger.of(caller.tenant),
    caller,
    opaque,
    calendar,
    requestId,
    traceId,
    audit,
    log,
    warnings,
    cachedReads,
    trace,
  };
};
