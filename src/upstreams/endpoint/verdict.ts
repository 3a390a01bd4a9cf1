import type { Endpoint } from './endpoint.ts';

/** An upstream response as received. */
export interface HttpReply {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The parsed body; `undefined` if it is not JSON, or nested too deeply. */
  readonly json: unknown;
  /** Describes a body that is not JSON. */
  readonly page?: { readonly isHtml: boolean; readonly length: number };
  /** The body, if the request asked to keep it. */
  readonly text?: string;
}

/** The position of a page in its list. */
export interface Paging {
  /** The number of the last page, counted from 1. */
  readonly lastPage: number;
  /** The number of rows on all pages; `null` if unknown. */
  readonly total: number | null;
  /** The number of rows per page; `null` if unknown. */
  readonly perPage: number | null;
}

/** The meaning of an upstream response, determined before anything else uses it. */
export type Verdict =
  | {
      readonly kind: 'ok';
      readonly payload: unknown;
      readonly warnings: readonly string[];
      /** `null` if the response is not one of several pages. */
      readonly paging: Paging | null;
      /** Whether rows of other keys were left out. */
      readonly hasStrays?: true;
    }
  /** The object is missing, or there are no rows. */
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'badInput';
      /** The reason of the upstream. It may repeat any part of the input. */
      readonly text?: string | undefined;
      /** The reason for each key of the body; the parts of a key are joined by dots. */
      readonly texts?: Readonly<Record<string, string>>;
    }
  /** Declined, and not executed. */
  | { readonly kind: 'refused'; readonly text?: string | undefined }
  /** A failed read, or a write that was not executed. */
  | { readonly kind: 'failed'; readonly reason: FailureReason }
  | { readonly kind: 'rateLimited'; readonly retryAfter: number | null }
  /** The token was refused, and the call was not executed: log in again, once. */
  | { readonly kind: 'token' }
  /** A write that may have been executed. `reason`: the failure, if there was one. */
  | { readonly kind: 'unknown'; readonly reason?: FailureReason };

/** An upstream response and its meaning. */
export interface Judged {
  readonly status: number;
  readonly verdict: Verdict;
  /** Whether the response shows that the upstream itself is unhealthy. */
  readonly isUnhealthy: boolean;
  /** Seconds until the next request, if the upstream states them. */
  readonly retryAfter: number | null;
  /** The body of a successful response, if the call asked to keep it. */
  readonly text?: string | undefined;
}

/** Determines the verdict on a response by the rules of its system. */
export type Judge = (endpoint: Endpoint, reply: HttpReply) => Verdict;

/** Whether an upstream is unhealthy: it says so, or returns a success that is not JSON. */
const isUnhealthy = ({ status, json }: HttpReply, verdict: Verdict): boolean =>
  status >= 500 ||
  (status < 300 && json === undefined) ||
  ('reason' in verdict && verdict.reason !== 'unreadable');

/** A response that throws when it is read cannot be understood. The outcome of a write is unknown then. */
const verdictOn = (judge: Judge, endpoint: Endpoint, reply: HttpReply): Verdict => {
  try {
    return judge(endpoint, reply);
  } catch {
    return failed(endpoint, 'unreadable');
  }
};

export const judged = (judge: Judge, endpoint: Endpoint, reply: HttpReply): Judged => {
  const verdict = verdictOn(judge, endpoint, reply);
  return {
    status: reply.status,
    verdict,
    isUnhealthy: isUnhealthy(reply, verdict),
    retryAfter: retryAfterSeconds(reply),
  };
};

/** The reason of a failure. `mismatched`: the response contains another key than the requested one. */
export type FailureReason = 'unavailable' | 'timeout' | 'unreadable' | 'mismatched';

/** Returns the verdict on a response that cannot be used: a failure for a read, an unknown outcome for a write. */
export const failed = (endpoint: Endpoint, reason: FailureReason): Verdict => ({
  kind: endpoint.effect === 'write' ? 'unknown' : 'failed',
  reason,
});

/** Returns the verdict on a payload of the expected form. Its rows are not copied. */
export const accepted = (
  endpoint: Endpoint,
  payload: unknown,
  { warnings = [], paging = null }: { warnings?: readonly string[]; paging?: Paging | null } = {},
): Verdict => {
  const parsed = endpoint.reply.safeParse(payload);
  return parsed.success
    ? { kind: 'ok', payload: parsed.data, warnings, paging }
    : failed(endpoint, 'unreadable');
};

/** Returns the verdict on a response without content, as the endpoint declares it. */
export const noContent = (endpoint: Endpoint): Verdict => {
  if (endpoint.nothing === 'REFUSED') return { kind: 'refused' };
  return { kind: endpoint.nothing === 'UNKNOWN' ? 'unknown' : 'nothing' };
};

/** A day: longer than any client waits, and a number that every client can read. */
const longestRetryAfter = 86_400;

/** Reads `Retry-After`: seconds, or an HTTP date. */
export const retryAfterSeconds = (reply: HttpReply, now = Date.now()): number | null => {
  const header = reply.headers['retry-after'];
  if (typeof header !== 'string') return null;
  const isDate = /^[a-z]{3}/i.test(header);
  const seconds = /^\d+$/.test(header)
    ? Number(header)
    : isDate
      ? Math.ceil((Date.parse(header) - now) / 1000)
      : Number.NaN;
  return Number.isNaN(seconds) ? null : Math.min(Math.max(0, seconds), longestRetryAfter);
};
