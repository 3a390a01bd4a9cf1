import type { Endpoint } from './endpoint.ts';

/** An upstream's answer as it came over the wire. */
export interface HttpReply {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The parsed body; `undefined` where it is not JSON. */
  readonly json: unknown;
}

/** Where a page stands among those of the same question. */
export interface Paging {
  /** The number of the last page, counted from 1. */
  readonly lastPage: number;
  /** How many rows there are on all pages; `null` where that is not told. */
  readonly total: number | null;
  /** How many rows a page holds; `null` where that is not told. */
  readonly perPage: number | null;
}

/** What an upstream's answer means, told from its shape before anything else sees it. */
export type Verdict =
  | {
      readonly kind: 'ok';
      readonly payload: unknown;
      readonly warnings: readonly string[];
      /** `null` where the answer is not one page of several. */
      readonly paging: Paging | null;
      /** Whether rows of other keys than those requested were left out of it. */
      readonly hasStrays?: true;
    }
  /** Nothing was found, or there are no rows. */
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'badInput';
      /** What the upstream says of it. It may repeat anything that was sent. */
      readonly text?: string | undefined;
      /** The same for each key of the body, its parts joined by dots. */
      readonly texts?: Readonly<Record<string, string>>;
    }
  /** Understood and declined; surely not carried out. */
  | { readonly kind: 'refused'; readonly text?: string | undefined }
  /** Neither an answer nor carried out. */
  | { readonly kind: 'failed'; readonly reason: FailureReason }
  | { readonly kind: 'rateLimited'; readonly retryAfter: number | null }
  /** The token was refused, and with it the call: log in again, once. */
  | { readonly kind: 'token' }
  /** A write that may have been carried out; where it failed, that is why. */
  | { readonly kind: 'unknown'; readonly reason?: FailureReason };

/** What an upstream answered, and what that means. */
export interface Judged {
  readonly status: number;
  readonly verdict: Verdict;
  /** Whether it shows that the upstream itself is ill, whatever was asked. */
  readonly isUnhealthy: boolean;
  /** Seconds after which it may be asked again, where it says so. */
  readonly retryAfter: number | null;
}

/** Judges an answer by the rules of its system. */
export type Judge = (endpoint: Endpoint, reply: HttpReply) => Verdict;

/** An upstream is ill that says so, or that says what is not JSON while it calls that a success. */
const isUnhealthy = ({ status, json }: HttpReply, verdict: Verdict): boolean =>
  status >= 500 ||
  (status < 300 && json === undefined) ||
  ('reason' in verdict && verdict.reason !== 'unreadable');

/** An answer that cannot even be looked at, as one nested too deep, is one that cannot be understood. */
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

/** `mismatched`: the answer names another key than the one requested. */
export type FailureReason = 'unavailable' | 'timeout' | 'unreadable' | 'mismatched';

/** No answer to a read is a failure; no answer to a write leaves open whether it was carried out. */
export const failed = (endpoint: Endpoint, reason: FailureReason): Verdict => ({
  kind: endpoint.effect === 'write' ? 'unknown' : 'failed',
  reason,
});

/** A payload that has the form its endpoint expects; the rows in it are the ones that came. */
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

/** An answer without content, as the endpoint says what that means. */
export const noContent = (endpoint: Endpoint): Verdict => {
  if (endpoint.nothing === 'REFUSED') return { kind: 'refused' };
  return { kind: endpoint.nothing === 'UNKNOWN' ? 'unknown' : 'nothing' };
};

/** A day: longer than anybody waits, and a number that every client can read. */
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
