import type { CancelSignal } from '../../lib/abort-signal.ts';
import type { Deadline } from '../../lib/deadline.ts';
import type { CallInput, Endpoint, ReplyOf } from '../endpoint/endpoint.ts';
import type { Judged } from '../endpoint/verdict.ts';
import { AuthFailedError, NotConfiguredError } from '../errors.ts';
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

export interface CallOptions extends ResponseListeners {
  /** Ends the wait for a read, and the read itself when nobody else waits for it; a write goes on. */
  readonly signal?: CancelSignal | undefined;
  /**
   * That of the request, which stands for the request where several take turns. Nothing is sent after it, and nobody
   * waits longer; a write that was sent goes on.
   */
  readonly deadline?: Deadline | undefined;
  /** Waits for a write beyond the deadline. */
  readonly outlivesDeadline?: boolean;
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
  /**
   * Reads a long list, of which each page is there as soon as it has come. A read under way is joined.
   *
   * @throws {UpstreamError} when it cannot begin.
   */
  readRows<E extends RowsEndpoint>(
    endpoint: E,
    input: CallInput<E>,
    options?: CallOptions,
  ): Promise<RowListReader<ReplyOf<E>>>;
  /**
   * Gives the list that a read of late has left for its later pages; `undefined` where there is none. What is kept is
   * dropped by every write.
   */
  keptRows<E extends RowsEndpoint>(
    endpoint: E,
    input: CallInput<E>,
    options?: Pick<CallOptions, 'signal' | 'onIncomplete'>,
  ): RowListReader<ReplyOf<E>> | undefined;
  /** How its upstream is; `null` where the settings name none. */
  state(): SenderState | null;
  /** Lets the calls under way finish and closes all connections. */
  close(): Promise<void>;
}

/**
 * Logs in, and gives what the log-in answers.
 *
 * @throws {AuthFailedError} when the credentials are refused, in whichever form.
 */
export const logIn = async <E extends Endpoint>(
  endpoint: E,
  input: CallInput<E>,
  sender: Sender,
): Promise<NonNullable<ReplyOf<E>>> => {
  const { verdict } = await sender.send(endpoint, contentOf(endpoint, input), {}).catch((error: unknown) => {
    throw toUpstreamError(endpoint, error);
  });
  const isRefused = ['token', 'badInput', 'refused', 'nothing'].includes(verdict.kind);
  const payload = isRefused ? null : toResult(endpoint, verdict);
  if (payload === null || payload === undefined) throw new AuthFailedError(endpoint);
  return payload;
};

/** Lets a caller hear how its wait ended. */
const reportEnd = async <Answer extends { readonly status: number }>(
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

/** How a call is made, for whomever. */
interface CallExecution extends Omit<SendOptions, 'token' | 'onTokenRefused'> {
  readonly ticket: Ticket;
}

/** Who waits for a read leaves by the signal, whatever it waits for. */
const untilDeadline = <Value>({ signal, deadline }: CallExecution, value: Promise<Value>): Promise<Value> =>
  signal ? value : until(deadline, value);

/**
 * A client that logs in when it must: a call whose token is refused is repeated once with a new one.
 *
 * Equal reads at one moment are one read. It is shared no further than this client, and therefore by callers with
 * the same credential only.
 */
export const createClient = (
  sender: Sender,
  tokens: TokenSource,
  kept: RowCache = createRowCache(),
): UpstreamClient => {
  const reads = createInFlight<Judged>();
  const rowReads = createRowReads(kept.forClient(), sender.accept);

  const seal = (): void => {
    reads.seal();
    rowReads.seal();
  };

  /** Sends once more what was refused for its token: it was not carried out, so that even a write may be sent again. */
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
    const { ticket, signal, deadline, beforeSending, rows, onExchange } = execution;
    const onTokenRefused = (first: Judged): Promise<Judged> =>
      attemptWithNewToken(endpoint, content, { token, first }, execution);
    // Not spread: that takes longer than all else here.
    const sent = { token, ticket, signal, deadline, beforeSending, rows, onExchange, onTokenRefused };
    return sender.send(endpoint, content, sent);
  };

  const perform = (endpoint: Endpoint, content: Content, execution: CallExecution): Promise<Judged> => {
    const token = tokens.current();
    return token === undefined
      ? untilDeadline(execution, tokens.get()).then((given) => attempt(endpoint, content, given, execution))
      : attempt(endpoint, content, token, execution);
  };

  const read = (endpoint: Endpoint, content: Content, options: CallOptions): Promise<Judged> => {
    const { signal, deadline, onCall } = options;
    const start = (ticket: Ticket, abandoned: CancelSignal) =>
      perform(endpoint, content, { ticket, signal: abandoned, onExchange: onCall });
    const requester = deadline ?? patientRequester();
    const shared = reads.share(contentKey(endpoint, content), start, { requester, signal });
    return shared.isJoined ? reportEnd(shared.result, onCall?.(endpoint, true)) : shared.result;
  };

  const executeWrite = async (
    endpoint: Endpoint,
    content: Content,
    options: CallOptions,
  ): Promise<Judged> => {
    const { deadline, onCall, beforeSending } = options;
    try {
      const ticket = new Ticket(deadline ?? patientRequester());
      const signal = deadline?.signal;
      return await perform(endpoint, content, {
        ticket,
        deadline: signal,
        onExchange: onCall,
        beforeSending,
      });
    } finally {
      // Carried out or not: who reads from now on must not be told of before.
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
        const answer = endpoint.effect === 'read' ? read : write;
        return answer(endpoint, contentOf(endpoint, input), options).then(
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
      return rowReads.read(endpoint, content, start, options);
    },
    keptRows: (endpoint, input, options = {}) => rowReads.kept(endpoint, contentOf(endpoint, input), options),
    state: () => sender.state(),
    close: () => {
      rowReads.close();
      return sender.close();
    },
  };
};

/** Stands where the settings name no upstream. */
export const notConfigured: UpstreamClient = {
  call: (endpoint) => Promise.reject(new NotConfiguredError(endpoint)),
  readRows: (endpoint) => Promise.reject(new NotConfiguredError(endpoint)),
  keptRows: () => undefined,
  state: () => null,
  close: () => Promise.resolve(),
};
