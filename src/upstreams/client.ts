import {
  AuthFailedError,
  BadInputError,
  BadResponseError,
  NotConfiguredError,
  OutcomeUnknownError,
  RateLimitedError,
  RejectedError,
  UnavailableError,
  UpstreamTimeoutError,
} from '../errors.ts';
import { type CallInput, type Endpoint, fillPath, type ReplyOf } from './endpoint.ts';
import { type Http, TransportError } from './http.ts';
import type { TokenSource } from './token.ts';
import type { HttpReply, Verdict } from './verdict.ts';

export interface CallOptions {
  /** Ends a read whose answer nobody waits for any more; a write goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Hears the upstream's warnings, which are meant for the caller. */
  readonly onWarning?: ((endpoint: Endpoint, text: string) => void) | undefined;
  /** Hears how many pages there are of what was asked for. */
  readonly onLastPage?: ((lastPage: number) => void) | undefined;
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

/** Sends one request for an endpoint; a connection that fails is told in the upstream's terms. */
const exchange = async <E extends Endpoint>(
  http: Http,
  endpoint: E,
  { params, query, body }: CallInput<E>,
  { token, signal }: { token?: string; signal?: AbortSignal | undefined },
): Promise<HttpReply> => {
  const content = endpoint.request.parse(body);
  const request = {
    method: endpoint.method,
    path: fillPath(endpoint.path, params) + queryOf(query),
    headers: {
      // Without it RecoveryConnect answers errors with HTML, or a redirect to a log-in page.
      accept: 'application/json',
      'user-agent': 'recollect',
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: content === undefined ? undefined : JSON.stringify(content),
    signal: endpoint.effect === 'read' ? signal : undefined,
  };
  try {
    return await http.send(request);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    if (endpoint.effect === 'write' && error.mayBeSent) throw new OutcomeUnknownError(endpoint, error);
    throw error.isTimeout ? new UpstreamTimeoutError(endpoint, error) : new UnavailableError(endpoint, error);
  }
};

const failure = (endpoint: Endpoint, verdict: Exclude<Verdict, { kind: 'ok' }>): Error => {
  switch (verdict.kind) {
    case 'badInput':
      return new BadInputError(endpoint);
    case 'nothing':
    case 'refused':
      return new RejectedError(endpoint);
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
  { onWarning, onLastPage }: CallOptions = {},
): ReplyOf<E> => {
  // The types of the reply follow from the endpoint's own fields, which TypeScript cannot see while E is open.
  if (verdict.kind === 'ok') {
    for (const warning of verdict.warnings) onWarning?.(endpoint, warning);
    onLastPage?.(verdict.lastPage);
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
  const verdict = judge(endpoint, await exchange(http, endpoint, input, {}));
  const isRefused = ['token', 'badInput', 'refused', 'nothing'].includes(verdict.kind);
  const reply = isRefused ? null : settle(endpoint, verdict);
  if (reply === null || reply === undefined) throw new AuthFailedError(endpoint);
  return reply;
};

/** A client that logs in when it must: a call whose token is refused is repeated once with a new one. */
export const createClient = ({ http, tokens, judge }: UpstreamParts): UpstreamClient => ({
  call: async (endpoint, input, options = {}) => {
    const { signal } = options;
    const attempt = async (token: string): Promise<Verdict> =>
      judge(endpoint, await exchange(http, endpoint, input, { token, signal }));
    const token = await tokens.get();
    let verdict = await attempt(token);
    if (verdict.kind === 'token') {
      tokens.refuse(token);
      // Refused for its token it was not carried out, so that even a write may be sent again.
      verdict = await attempt(await tokens.get());
    }
    return settle(endpoint, verdict, options);
  },
  close: () => http.close(),
});

/** Stands where the settings name no upstream. */
export const notConfigured: UpstreamClient = {
  call: (endpoint) => Promise.reject(new NotConfiguredError(endpoint)),
  close: () => Promise.resolve(),
};
