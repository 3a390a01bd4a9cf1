import {
  AuthFailedError,
  BadInputError,
  BadResponseError,
  NotConfiguredError,
  NotFoundError,
  OutcomeUnknownError,
  RateLimitedError,
  RejectedError,
  UnavailableError,
  UpstreamTimeoutError,
} from '../errors.ts';
import { type CallInput, type Endpoint, fillPath, type ReplyOf } from './endpoint.ts';
import { type Http, type HttpRequest, TransportError } from './http.ts';
import { createInFlight } from './in-flight.ts';
import { cleanReason } from './reason.ts';
import type { TokenSource } from './token.ts';
import type { HttpReply, Paging, Verdict } from './verdict.ts';

export interface CallOptions {
  /** Ends the wait for a read, and the read itself when nobody else waits for it; a write goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Hears the upstream's warnings, which are meant for the caller. */
  readonly onWarning?: ((endpoint: Endpoint, text: string) => void) | undefined;
  /** Hears of the pages, where the answer is one of several. */
  readonly onPaging?: ((paging: Paging) => void) | undefined;
  /** Is waited for right before each exchange of a write, after the log-in; nothing is sent if it throws. */
  readonly beforeSending?: (() => Promise<void>) | undefined;
  /**
   * Hears of each HTTP exchange made for this call, or else of the one call under way that it joined, as it begins.
   * What it returns hears how that ended: the HTTP status, `null` where no answer came. Log-ins are not heard of,
   * since they serve all calls.
   */
  readonly onCall?: ((endpoint: Endpoint, isShared: boolean) => (status: number | null) => void) | undefined;
}

/** Calls the operations of one system with one credential. */
export interface UpstreamClient {
  /**
   * Carries out one operation.
   *
   * @returns the payload without its envelope; for a read that finds nothing `null` or no rows, as the endpoint says.
   * @throws {UpstreamError} for everything else.
   */
  call<E extends Endpoint>(endpoint: E, input: CallInput<E>, options?: CallOptions): Promise<ReplyOf<E>>;
  close(): Promise<void>;
}

export interface UpstreamParts {
  readonly http: Http;
  readonly tokens: TokenSource;
  readonly judge: (endpoint: Endpoint, reply: HttpReply) => Verdict;
}

const queryOf = (query: CallInput['query']): string => {
  const text = new URLSearchParams();
  for (const [key, value] of Object.entries<string | undefined>(query ?? {})) {
    if (value !== undefined) text.set(key, value);
  }
  return text.size === 0 ? '' : `?${text}`;
};

/** What is sent for a call, but for the token that it carries. */
type Content = Pick<HttpRequest, 'method' | 'path' | 'body'>;

const contentOf = <E extends Endpoint>(endpoint: E, { params, query, body }: CallInput<E>): Content => {
  const content = endpoint.request.parse(body);
  return {
    method: endpoint.method,
    path: fillPath(endpoint.path, params) + queryOf(query),
    body: content === undefined ? undefined : JSON.stringify(content),
  };
};

/** Tells equal calls from all others. It holds what was asked for, maybe an SSN: it stays in memory. */
const keyOf = ({ operation }: Endpoint, { method, path, body }: Content): string =>
  JSON.stringify([operation, method, path, body]);

const send = (
  http: Http,
  content: Content,
  { token, signal }: { token?: string; signal?: AbortSignal | undefined } = {},
): Promise<HttpReply> =>
  http.send({
    ...content,
    headers: {
      // Without it RecoveryConnect answers errors with HTML, or a redirect to a log-in page.
      accept: 'application/json',
      'user-agent': 'recollect',
      ...(content.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    signal,
  });

/** Tells of a connection that failed in the upstream's terms: a new error for each who waited for it. */
const unanswered = (endpoint: Endpoint, error: unknown): unknown => {
  if (!(error instanceof TransportError)) return error;
  if (endpoint.effect === 'write' && error.mayBeSent) return new OutcomeUnknownError(endpoint, error);
  return error.isTimeout ? new UpstreamTimeoutError(endpoint, error) : new UnavailableError(endpoint, error);
};

const failure = (endpoint: Endpoint, verdict: Exclude<Verdict, { kind: 'ok' }>): Error => {
  switch (verdict.kind) {
    case 'badInput':
      return new BadInputError(
        endpoint,
        cleanReason(verdict.text),
        Object.entries(verdict.texts ?? {}).flatMap(([key, text]) => {
          const reason = cleanReason(text);
          return reason === null ? [] : [{ key, reason }];
        }),
      );
    case 'nothing':
      return new NotFoundError(endpoint);
    case 'refused':
      return new RejectedError(endpoint, cleanReason(verdict.text));
    case 'rateLimited':
      return new RateLimitedError(endpoint, verdict.retryAfter);
    case 'token':
      return new AuthFailedError(endpoint);
    case 'unknown':
      return new OutcomeUnknownError(endpoint);
    case 'failed':
      if (verdict.reason === 'timeout') return new UpstreamTimeoutError(endpoint);
      return verdict.reason === 'unreadable'
        ? new BadResponseError(endpoint)
        : new UnavailableError(endpoint);
  }
};

/** Turns a verdict into the operation's reply, or throws what it says. */
const settle = <E extends Endpoint>(
  endpoint: E,
  verdict: Verdict,
  { onWarning, onPaging }: CallOptions = {},
): ReplyOf<E> => {
  // The types of the reply follow from the endpoint's own fields, which TypeScript cannot see while E is open.
  if (verdict.kind === 'ok') {
    for (const warning of verdict.warnings) {
      // Told of a write, it may repeat what was sent; of a read, it is about what the caller is shown.
      const text = endpoint.effect === 'write' ? cleanReason(warning) : warning;
      if (text !== null) onWarning?.(endpoint, text);
    }
    if (verdict.paging) onPaging?.(verdict.paging);
    return verdict.payload as ReplyOf<E>;
  }
  if (verdict.kind === 'nothing' && endpoint.effect === 'read') {
    return (endpoint.nothing === 'NO_ROWS' ? [] : null) as ReplyOf<E>;
  }
  throw failure(endpoint, verdict);
};

/**
 * Logs in, and gives what the log-in answers.
 *
 * @throws {AuthFailedError} when the credentials are refused, in whichever form.
 */
export const logIn = async <E extends Endpoint>(
  endpoint: E,
  input: CallInput<E>,
  { http, judge }: Pick<UpstreamParts, 'http' | 'judge'>,
): Promise<NonNullable<ReplyOf<E>>> => {
  const reply = await send(http, contentOf(endpoint, input)).catch((error: unknown) => {
    throw unanswered(endpoint, error);
  });
  const verdict = judge(endpoint, reply);
  const isRefused = ['token', 'badInput', 'refused', 'nothing'].includes(verdict.kind);
  const payload = isRefused ? null : settle(endpoint, verdict);
  if (payload === null || payload === undefined) throw new AuthFailedError(endpoint);
  return payload;
};

/** What an upstream answered, and what that means. */
interface Judged {
  readonly status: number;
  readonly verdict: Verdict;
}

/** Lets a caller hear how its wait ended. */
const heard = async <Answer extends { readonly status: number }>(
  waiting: Promise<Answer>,
  onEnd: ((status: number | null) => void) | undefined,
): Promise<Answer> => {
  let status: number | null = null;
  try {
    const answer = await waiting;
    status = answer.status;
    return answer;
  } finally {
    onEnd?.(status);
  }
};

/**
 * A client that logs in when it must: a call whose token is refused is repeated once with a new one.
 *
 * Equal reads at one moment are one read. It is shared no further than this client, and therefore by callers with
 * the same credential only.
 */
export const createClient = ({ http, tokens, judge }: UpstreamParts): UpstreamClient => {
  const reads = createInFlight<Judged>();

  const perform = async (
    endpoint: Endpoint,
    content: Content,
    { signal, onCall, beforeSending }: CallOptions,
  ): Promise<Judged> => {
    const attempt = async (token: string): Promise<Judged> => {
      await beforeSending?.();
      const onEnd = onCall?.(endpoint, false);
      const reply = await heard(send(http, content, { token, signal }), onEnd);
      return { status: reply.status, verdict: judge(endpoint, reply) };
    };
    const token = await tokens.get();
    const first = await attempt(token);
    if (first.verdict.kind !== 'token') return first;
    tokens.refuse(token);
    // Refused for its token it was not carried out, so that even a write may be sent again.
    return attempt(await tokens.get());
  };

  const read = (endpoint: Endpoint, content: Content, { signal, onCall }: CallOptions): Promise<Judged> => {
    const start = (everybodyLeft: AbortSignal) =>
      perform(endpoint, content, { signal: everybodyLeft, onCall });
    const { isJoined, answer } = reads.share(keyOf(endpoint, content), start, signal);
    return isJoined ? heard(answer, onCall?.(endpoint, true)) : answer;
  };

  const write = async (
    endpoint: Endpoint,
    content: Content,
    { onCall, beforeSending }: CallOptions,
  ): Promise<Judged> => {
    try {
      return await perform(endpoint, content, { onCall, beforeSending });
    } finally {
      // Carried out or not: who reads from now on must not be told of before.
      reads.seal();
    }
  };

  return {
    call: async (endpoint, input, options = {}) => {
      const content = contentOf(endpoint, input);
      const carryOut = endpoint.effect === 'read' ? read : write;
      const { verdict } = await carryOut(endpoint, content, options).catch((error: unknown) => {
        throw unanswered(endpoint, error);
      });
      return settle(endpoint, verdict, options);
    },
    close: () => http.close(),
  };
};

/** Stands where the settings name no upstream. */
export const notConfigured: UpstreamClient = {
  call: (endpoint) => Promise.reject(new NotConfiguredError(endpoint)),
  close: () => Promise.resolve(),
};
