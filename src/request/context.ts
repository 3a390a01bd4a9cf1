import type { contextCacheSymbol } from '@pothos/core';
import type { OperationNotes } from '../audit/audit.ts';
import type { TenantLedger } from '../ledger/ledger.ts';
import type { Caller } from '../operation/caller.ts';
import type { Log } from '../telemetry/log.ts';
import type { CallOptions, UpstreamClient } from '../upstreams/client/client.ts';
import type { UpstreamSystem } from '../upstreams/errors.ts';
import type { AgencyCalendar } from '../values/agency-calendar.ts';
import type { CallBudget } from './call-budget.ts';
import type { Loaders } from './loaders.ts';
import type { RequestLife } from './request-life.ts';
import type { ResponseBudget } from './response-budget.ts';
import type { ResponseTask } from './response-work.ts';

/** What an upstream wants its caller to know although it did what was asked. */
export interface Warning {
  readonly upstream: string;
  readonly operation: string;
  readonly message: string;
}

/** One exchange with an upstream, told without any value: its path is the template. */
export interface TracedCall {
  readonly system: UpstreamSystem;
  readonly operation: string;
  readonly path: string;
  /** How long the request waited for it, rounded to a tenth. */
  readonly milliseconds: number;
  /** HTTP status; `null` where no answer came. */
  readonly status: number | null;
  /** Whether the exchange was under way for another already, and was joined. */
  readonly shared: boolean;
}

/** Collects what a request asks of the upstreams. */
export interface UpstreamTrace {
  readonly onCall: NonNullable<CallOptions['onCall']>;
  /** The calls so far, in the order in which they began. */
  calls(): TracedCall[];
}

/** What is known of a request before it is read. */
export interface RequestOrigin {
  readonly requestId: string;
  /** The client's address, as far as it can be trusted. */
  readonly address: string;
  readonly caller: Caller;
}

/** What one request carries. */
export interface Context {
  /** By which the schema remembers what the caller may do; each request by itself, where it is left out. */
  readonly [contextCacheSymbol]?: Caller['scopes'];
  readonly life: RequestLife;
  readonly loaders: Loaders;
  /** Carries out one write with an upstream, at once and once. The loaders are not told of it. */
  readonly write: UpstreamClient['call'];
  readonly calls: CallBudget;
  readonly responseBudget: ResponseBudget;
  /** The work on the response. */
  readonly pace: ResponseTask;
  readonly ledger: TenantLedger;
  readonly caller: Caller;
  /** Says which day it is for the agency. */
  readonly calendar: AgencyCalendar;
  /** Names the request in the log and the audit trail. */
  readonly requestId: string;
  /** Where the audit trail is told of what this request sees and does. */
  readonly audit: OperationNotes;
  readonly log: Log;
  readonly warnings: Warning[];
  /** Only where the caller asked for it. */
  readonly trace?: UpstreamTrace | undefined;
}
