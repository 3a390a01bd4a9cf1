import type { contextCacheSymbol } from '@pothos/core';
import type { OperationNotes } from '../audit/audit.ts';
import type { TenantLedger } from '../ledger/ledger.ts';
import type { OpaqueDigest } from '../lib/opaque-digest.ts';
import type { Caller } from '../operation/caller.ts';
import type { Log } from '../telemetry/log.ts';
import type { Polls } from '../updates/polls.ts';
import type { CallOptions, UpstreamClient } from '../upstreams/client/client.ts';
import type { Endpoint } from '../upstreams/endpoint/endpoint.ts';
import type { UpstreamSystem } from '../upstreams/errors.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import type { AgencyCalendar } from '../values/agency-calendar.ts';
import type { CachedReads } from './cached-reads.ts';
import type { CallBudget } from './call-budget.ts';
import type { Loaders } from './loaders.ts';
import type { RequestLife } from './request-life.ts';
import type { ResponseBudget } from './response-budget.ts';
import type { ResponseTask } from './response-work.ts';

/** A warning of an upstream about an executed operation. */
export interface Warning {
  readonly upstream: string;
  readonly operation: string;
  readonly message: string;
}

/** One exchange with an upstream without values: its path is the template. */
export interface TracedCall {
  readonly system: UpstreamSystem;
  readonly operation: string;
  readonly path: string;
  /** Milliseconds that the request waited for it, rounded to a tenth. */
  readonly milliseconds: number;
  /** HTTP status; `null` without a response. */
  readonly status: number | null;
  /** Whether the exchange was in flight already, and was joined. */
  readonly shared: boolean;
  /** Present if a cached response replaced the exchange. */
  readonly cached?: true;
  /** Milliseconds since the cached response was read. */
  readonly ageMs?: number;
}

/** Records the upstream calls of a request. */
export interface UpstreamTrace {
  readonly onCall: NonNullable<CallOptions['onCall']>;
  /** Records a cached response that replaced a call. */
  onHit(endpoint: Endpoint, ageMs: number): void;
  /** Returns the calls so far, in the order in which they began. */
  calls(): TracedCall[];
}

/** The part of a request that is known before its body is read. */
export interface RequestOrigin {
  readonly requestId: string;
  readonly traceId: string;
  /** The address of the client, as trusted proxies report it. */
  readonly address: string;
  readonly caller: Caller;
}

/** The context of one request. */
export interface Context {
  /** The key by which the schema caches the permissions of the caller; without it they are cached per request. */
  readonly [contextCacheSymbol]?: Caller['scopes'];
  readonly life: RequestLife;
  readonly loaders: Loaders;
  /** Executes one write at once, without the loaders. */
  readonly write: UpstreamClient['call'];
  /** The clients of the upstreams, for reads that outlive the request. */
  readonly upstreams: Upstreams;
  /** The polls of what is followed. */
  readonly polls: Polls;
  readonly calls: CallBudget;
  readonly responseBudget: ResponseBudget;
  /** The work on the response. */
  readonly pace: ResponseTask;
  readonly ledger: TenantLedger;
  readonly caller: Caller;
  /** The part of an id that stands for values which must not be shown. */
  readonly opaque: OpaqueDigest;
  /** The calendar of the agency. */
  readonly calendar: AgencyCalendar;
  /** The id of the request in the log and the audit trail. */
  readonly requestId: string;
  readonly traceId: string;
  /** Records what this request returns and changes. */
  readonly audit: OperationNotes;
  readonly log: Log;
  readonly warnings: Warning[];
  /** The cached responses that the request uses; missing where none may be used. */
  readonly cachedReads?: CachedReads | undefined;
  /** Present only if the caller requested it. */
  readonly trace?: UpstreamTrace | undefined;
}
