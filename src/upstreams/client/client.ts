import type { CancelSignal } from '../../lib/abort-signal.ts';
import type { Deadline } from '../../lib/deadline.ts';
import { type CacheLookup, noReadCache, type ReadCache } from '../cache/read-cache.ts';
import type { ChangedRead } from '../cache/scopes.ts';
import type { CallInput, Endpoint, ReplyOf } from '../endpoint/endpoint.ts';
import type { Judged } from '../endpoint/verdict.ts';
import { NotConfiguredError } from '../errors.ts';
import { createRowCache, type RowCache } from '../rows/row-cache.ts';
import type { RowListReader, RowsEndpoint } from '../rows/row-list.ts';
import { createRowReads, type StartRead } from '../rows/row-reads.ts';
import { patientRequester, Ticket } from './bulkhead.ts';
import { type Content, contentKey, contentOf } from './content.ts';
import { createInFlight } from './in-flight.ts';
import { type ResponseListeners, toResult, toUpstreamError } from './result.ts';
import type { Sender, SenderState, SendOptions } from './sender.ts';
import type { TokenSource } from './token.ts';
import { until } from './until.ts';
import { type VerdictName, verdictNameOf, verdictWithoutResponse } from './verdict-name.ts';
import type { OnExchangeEnd } from './wait-times.ts';

type OnCall = (endpoint: Endpoint, isShared: boolean, resends?: number) => OnExchangeEnd;

/** How the reads of a request use the cache. */
export interface CacheUse {
  /** `refresh`: only to store what is read. */
  mode(): 'use' | 'refresh' | 'off';
  /** Called when a cached response replaces a call. @param ageMs milliseconds since its read began. */
  onHit(endpoint: Endpoint, ageMs: number): void;
}

export interface CallOptions extends ResponseListeners {
  /** Cancels the wait for a read, and the read itself if nobody else waits for it. A write continues. */
  readonly signal?: CancelSignal | undefined;
  /**
   * The deadline of the request, which also identifies the request in queues. After it nothing is sent and nobody
   * waits, but a write that was sent continues.
   */
  readonly deadline?: Deadline | undefined;
  /** Whether the caller waits for a write beyond the deadline. */
  readonly outlivesDeadline?: boolean;
  /** Awaited before each exchange of a write, after the log-in. If it throws, nothing is sent. */
  readonly beforeSending?: (() => Promise<void>) | undefined;
  /**
   * Called when an HTTP exchange for this call begins, or when the call joins a read in flight. The returned function
   * receives the HTTP status; `null` if no response arrived. `resends` counts the exchanges of the call before this one
   * that were retried. Log-ins are not reported, since they serve all calls.
   */
  readonly onCall?: OnCall | undefined;
  /** `false`: a read that begins now, and joins none in flight. */
  readonly joins?: boolean;
  /** How a read uses the cache; by default not at all. */
  readonly cache?: CacheUse | undefined;
  /** The reads whose responses a write may change; by default all of its upstream. */
  readonly changes?: readonly ChangedRead[] | undefined;
}

/** Calls the operations of one upstream with one credential. */
export interface UpstreamClient {
  /** The URL of the upstream in its canonical form; left out if there is none. */
  readonly address?: string;
  /**
   * Executes one operation.
   *
   * @returns the payload without its envelope. A read that finds nothing returns `null` or no rows, as the endpoint
   *   declares.
   * @throws {UpstreamError} for everything else.
   */
  call<E extends Endpoint>(endpoint: E, input: CallInput<E>, options?: CallOptions): Promise<ReplyOf<E>>;
  /**
   * Reads a long list; each page is available as soon as it has arrived. The call joins a read in flight.
   *
   * @throws {UpstreamError} if the read cannot begin.
   */
  readRows<E extends RowsEndpoint>(
    endpoint: E,
    input: CallInput<E>,
    options?: CallOptions,
  ): Promise<RowListReader<ReplyOf<E>>>;
  /**
   * Returns the cached list of a recent read for its later pages; `undefined` if there is none. Every write of this
   * client clears the cache. With a cache of reads, no list from before a write of another process or client that may
   * change it is returned.
   */
  keptRows<E extends RowsEndpoint>(
    endpoint: E,
    input: CallInput<E>,
    options?: Pick<CallOptions, 'signal' | 'onIncomplete'>,
  ): Promise<RowListReader<ReplyOf<E>> | undefined>;
  /** The state of the upstream; `null` if it is not configured. */
  state(): SenderState | null;
  /** Waits for the calls in flight, and closes all connections. */
  close(): Promise<void>;
}

/** Reports the response with which the wait of a caller ended. */
const reportEnd = async (
  endpoint: Endpoint,
  waiting: Promise<Judged>,
  onEnd: OnExchangeEnd | undefined,
): Promise<Judged> => {
  let response: Judged | undefined;
  try {
    response = await waiting;
    return response;
  } finally {
    onEnd?.(response?.status ?? null, response && verdictNameOf(endpoint, response.verdict));
  }
};

/** The options with which a call is executed. */
interface CallExecution extends Omit<SendOptions, 'token' | 'onTokenRefused'> {
  readonly ticket: Ticket;
}

/** Waits until the deadline of a write. A read ends by its signal instead. */
const untilDeadline = <Value>({ signal, deadline }: CallExecution, value: Promise<Value>): Promise<Value> =>
  signal ? value : until(deadline, value);

/**
 * Creates a client that logs in when necessary. A call whose token is refused is repeated once with a new token.
 *
 * Concurrent equal reads share one call. Sharing is limited to this client, and therefore to callers with the same
 * credential.
 */
export const createClient = (
  sender: Sender,
  tokens: TokenSource,
  kept: RowCache = createRowCache(),
  cache: ReadCache = noReadCache,
): UpstreamClient => {
  const reads = createInFlight<Judged>();
  const rowReads = createRowReads(kept.forClient(), sender.acceptRows);

  const seal = (): void => {
    reads.seal();
    rowReads.seal();
  };

  /** Repeats a call whose token was refused. It was not executed, so even a write may be sent again. */
  const attemptWithNewToken = async (
    endpoint: Endpoint,
    content: Content,
    { token, first }: { readonly token: string; readonly first: Judged },
    execution: CallExecution,
  ): Promise<Judged> => {
    let isTaken: boolean | undefined;
    try {
      const another = await untilDeadline(execution, tokens.replace(token));
      if (another === null) return first;
      const second = await sender.send(endpoint, content, { ...execution, token: another });
      isTaken = second.verdict.kind !== 'token';
      return second;
    } finally {
      tokens.reportTrial(isTaken);
    }
  };

  const attempt = (
    endpoint: Endpoint,
    content: Content,
    token: string,
    execution: CallExecution,
  ): Promise<Judged> => {
    const { ticket, signal, deadline, beforeSending, rows, onExchange, keepsText } = execution;
    const onTokenRefused = (first: Judged): Promise<Judged> =>
      attemptWithNewToken(endpoint, content, { token, first }, execution);
    // An explicit object: spreading takes longer than the rest of the function.
    const sent = {
      token,
      ticket,
      signal,
      deadline,
      beforeSending,
      rows,
      onExchange,
      onTokenRefused,
      keepsText,
    };
    return sender.send(endpoint, content, sent);
  };

  const perform = (endpoint: Endpoint, content: Content, execution: CallExecution): Promise<Judged> => {
    const token = tokens.current();
    return token === undefined
      ? untilDeadline(execution, tokens.get()).then((given) => attempt(endpoint, content, given, execution))
      : attempt(endpoint, content, token, execution);
  };

  /**
   * Stores a successful response. An absence is not stored: unlike a row, it names no key that proves what it is about,
   * and a wrong one would be repeated to all callers.
   */
  const stored = (response: Judged, lookup: CacheLookup): Judged => {
    const { status, verdict, text } = response;
    if (text !== undefined && verdict.kind === 'ok' && !verdict.hasStrays) lookup.store({ status, text });
    return response;
  };

  const share = (
    endpoint: Endpoint,
    content: Content,
    { signal, deadline, onCall, joins }: CallOptions,
    lookup?: CacheLookup,
  ): Promise<Judged> => {
    const start = (ticket: Ticket, abandoned: CancelSignal): Promise<Judged> => {
      const execution = { ticket, signal: abandoned, onExchange: onCall, keepsText: lookup !== undefined };
      const performed = perform(endpoint, content, execution);
      return lookup ? performed.then((response) => stored(response, lookup)) : performed;
    };
    const requester = deadline ?? patientRequester();
    const key = contentKey(endpoint, content);
    // A write of another process does not end sharing, but the generation shows it.
    const shared = reads.share(lookup ? `${key}\n${lookup.generation}` : key, start, {
      requester,
      signal,
      joins,
    });
    return shared.isJoined ? reportEnd(endpoint, shared.result, onCall?.(endpoint, true)) : shared.result;
  };

  const readCached = async (
    endpoint: Endpoint,
    content: Content,
    options: CallOptions,
    use: CacheUse,
  ): Promise<Judged> => {
    const isRefresh = use.mode() === 'refresh';
    const key = contentKey(endpoint, content);
    const lookup = await cache.find(endpoint, key, content.requested, isRefresh);
    if (!lookup) return share(endpoint, content, options);
    const { response, ageMs } = lookup;
    const again = response && sender.judgeAgain(endpoint, content, response);
    // Another version of the gateway may have judged it otherwise.
    if (again?.verdict.kind !== 'ok') return share(endpoint, content, options, lookup);
    use.onHit(endpoint, ageMs);
    return again;
  };

  const read = (endpoint: Endpoint, content: Content, options: CallOptions): Promise<Judged> => {
    const { cache: use } = options;
    return use && use.mode() !== 'off' && cache.has(endpoint)
      ? readCached(endpoint, content, options, use)
      : share(endpoint, content, options);
  };

  const executeWrite = async (
    endpoint: Endpoint,
    content: Content,
    options: CallOptions,
  ): Promise<Judged> => {
    const { deadline, onCall, beforeSending, changes } = options;
    const cached = cache.write(changes);
    let outcome: VerdictName = 'unknown';
    const begin = async (): Promise<void> => {
      await cached?.begin();
      await beforeSending?.();
    };
    try {
      const ticket = new Ticket(deadline ?? patientRequester());
      const signal = deadline?.signal;
      const response = await perform(endpoint, content, {
        ticket,
        deadline: signal,
        onExchange: onCall,
        beforeSending: cached ? begin : beforeSending,
      });
      outcome = verdictNameOf(endpoint, response.verdict);
      return response;
    } catch (error) {
      outcome = verdictWithoutResponse(endpoint, error);
      throw error;
    } finally {
      await cached?.end(outcome !== 'unknown');
      // Whether or not it was executed, later reads must not join reads from before the write.
      seal();
    }
  };

  const write = (endpoint: Endpoint, content: Content, options: CallOptions): Promise<Judged> => {
    const { deadline, onCall, outlivesDeadline = false } = options;
    let mayBeSent = false;
    const noteSent: NonNullable<CallOptions['onCall']> = (...call) => {
      mayBeSent = true;
      return onCall?.(...call) ?? (() => {});
    };
    const done = executeWrite(endpoint, content, { ...options, onCall: noteSent });
    if (outlivesDeadline) return done;
    return until(deadline?.signal, done, { mayBeSent: () => mayBeSent }).finally(seal);
  };

  return {
    call: (endpoint, input, options = {}) => {
      try {
        const execute = endpoint.effect === 'read' ? read : write;
        return execute(endpoint, contentOf(endpoint, input), options).then(
          ({ verdict }) => toResult(endpoint, verdict, options),
          (error: unknown) => {
            throw toUpstreamError(endpoint, error);
          },
        );
      } catch (error) {
        return Promise.reject(error);
      }
    },
    readRows: async (endpoint, input, options = {}) => {
      const content = contentOf(endpoint, input);
      const start: StartRead = (ticket, stream, { signal, onExchange }) =>
        perform(endpoint, content, {
          ticket,
          signal,
          onExchange,
          rows: { key: endpoint.rowKey, stream },
        });
      const writes = await cache.writesSoFar(endpoint, content.requested);
      return rowReads.read(endpoint, content, writes, start, options);
    },
    keptRows: async (endpoint, input, options = {}) => {
      const content = contentOf(endpoint, input);
      if (!rowReads.hasKept(endpoint, content)) return undefined;
      const writes = await cache.writesSoFar(endpoint, content.requested);
      return rowReads.kept(endpoint, content, writes, options);
    },
    state: () => sender.state(),
    close: () => {
      rowReads.close();
      return sender.close();
    },
  };
};

/** The client of an upstream that is not configured. */
export const notConfigured: UpstreamClient = {
  call: (endpoint) => Promise.reject(new NotConfiguredError(endpoint)),
  readRows: (endpoint) => Promise.reject(new NotConfiguredError(endpoint)),
  keptRows: () => Promise.resolve(undefined),
  state: () => null,
  close: () => Promise.resolve(),
};
