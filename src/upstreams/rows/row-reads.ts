import type { CancelSignal } from '../../lib/abort-signal.ts';
import type { Deadline } from '../../lib/deadline.ts';
import type { WritesSoFar } from '../cache/read-cache.ts';
import { patientRequester, type Ticket } from '../client/bulkhead.ts';
import { type Content, contentKey } from '../client/content.ts';
import { Joinable } from '../client/joinable.ts';
import { type ResponseListeners, toResult, toUpstreamError } from '../client/result.ts';
import type { Sender } from '../client/sender.ts';
import { cancelled } from '../client/transport-error.ts';
import { until } from '../client/until.ts';
import { type OnExchangeEnd, WaitTimes } from '../client/wait-times.ts';
import type { ReplyOf } from '../endpoint/endpoint.ts';
import { accepted, type Judged, type Verdict } from '../endpoint/verdict.ts';
import { parsedRows } from './held-rows.ts';
import { ResponseAbortedError } from './response-aborted-error.ts';
import type { CachedRows } from './row-cache.ts';
import { type OnExchange, RowDownload } from './row-download.ts';
import type { RowList, RowListReader, RowsEndpoint } from './row-list.ts';
import type { RowStream } from './row-stream.ts';

type OnCall = (endpoint: RowsEndpoint, isShared: boolean) => OnExchangeEnd;

/** A download, and the callback for its exchanges if this caller started it. */
interface JoinedDownload {
  readonly download: RowDownload;
  readonly onExchange?: OnExchange;
}

/** The reader of a list. */
interface ListReader {
  /** Cancels the wait of this reader. */
  readonly signal?: CancelSignal | undefined;
  readonly deadline?: Deadline | undefined;
  /**
   * Called when an exchange begins, or when the reader joins a read. The returned function receives the status at the
   * end of the wait.
   */
  readonly onCall?: OnCall | undefined;
  readonly onIncomplete?: ResponseListeners['onIncomplete'];
}

/** Executes a read, with as many exchanges as it needs. */
export type StartRead = (
  ticket: Ticket,
  stream: RowStream,
  options: { readonly signal: CancelSignal; readonly onExchange: OnExchange },
) => Promise<Judged>;

/**
 * The lists that are read with one credential. Concurrent readers of a list share one download, and complete lists are
 * cached for later pages.
 */
export interface RowReads {
  /**
   * Joins the read in flight with this content, or starts one.
   *
   * @param writes the writes before this moment. A read in flight from before one of them is not joined.
   * @throws {UpstreamError} if the reader has cancelled.
   */
  read<E extends RowsEndpoint>(
    endpoint: E,
    content: Content,
    writes: WritesSoFar,
    start: StartRead,
    reader: ListReader,
  ): RowListReader<ReplyOf<E>>;
  /** Whether there is a cached list of such a read. */
  hasKept(endpoint: RowsEndpoint, content: Content): boolean;
  /** Returns the cached list of such a read; `undefined` if there is none, or it is from before a write. */
  kept<E extends RowsEndpoint>(
    endpoint: E,
    content: Content,
    writes: WritesSoFar,
    reader: ListReader,
  ): RowListReader<ReplyOf<E>> | undefined;
  /** Prevents joining reads that are in flight, and clears the cache: their data may be from before a write. */
  seal(): void;
  /** Cancels all reads that nobody waits for. */
  close(): void;
}

/** Callbacks for rows that cannot be used. */
interface RowListeners {
  /** The rows do not have the requested keys. */
  readonly onUnfit: () => void;
  /** Rows without an identifying value were left out. */
  readonly onIncomplete: () => void;
}

/** The memory of a parsed row, as a multiple of its text. */
const parsedShare = 4;

/** Checks rows before they are returned, and reports rows that were left out before them. */
const checked = <E extends RowsEndpoint>(
  endpoint: E,
  list: RowList,
  accept: (verdict: Verdict) => Verdict,
  { onUnfit, onIncomplete }: RowListeners,
): RowList<ReplyOf<E>> => ({
  ...list,
  reach: async (count, most) => {
    const reached = await list.reach(count, most);
    if (await list.isIncomplete(Math.max(count, reached))) onIncomplete();
    return reached;
  },
  rows: async (from, to) => {
    const rows = await list.rows(from, to).catch((error: unknown) => {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    });
    const verdict = accept(accepted(endpoint, rows));
    if (verdict.kind !== 'ok') onUnfit();
    return toResult(endpoint, verdict);
  },
});

/** Executes work on rows, and repeats it until its response is not aborted meanwhile. */
const retryOnAbort = async <E extends RowsEndpoint, Result>(
  endpoint: E,
  stream: RowStream,
  work: (list: RowList<ReplyOf<E>>) => Promise<Result>,
  accept: (verdict: Verdict) => Verdict,
  listeners: RowListeners,
): Promise<Result> => {
  for (;;) {
    try {
      return await work(checked(endpoint, stream.list(), accept, listeners));
    } catch (error) {
      if (!(error instanceof ResponseAbortedError)) throw error;
    }
  }
};

const errorOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

/** Reports the result of a response to all readers of a list. @returns whether it is a list. */
const reportResult = (endpoint: RowsEndpoint, stream: RowStream, { verdict }: Judged): boolean => {
  const isList = verdict.kind === 'ok' || verdict.kind === 'nothing';
  if (!isList) {
    stream.fail(() => errorOf(() => toResult(endpoint, verdict)));
  } else if (verdict.kind === 'ok' && stream.isComplete) {
    stream.end();
  } else {
    const rows = toResult(endpoint, verdict) as readonly unknown[];
    stream.end(parsedRows(rows, endpoint.rowKey, stream.textBytes * parsedShare));
  }
  return isList;
};

/**
 * Creates the reads of one client.
 *
 * @param accept checks rows against the requested keys.
 */
export const createRowReads = (keptRows: CachedRows, accept: Sender['acceptRows']): RowReads => {
  const joinable = new Joinable<RowDownload>();
  let isClosed = false;

  const keep = (key: string, { stream, ageMs }: RowDownload): void => {
    keptRows.add(key, stream, ageMs());
    void stream.compressed.then(() => {
      if (keptRows.of(key) === stream) keptRows.add(key, stream, ageMs());
    });
  };

  /** Removes a list whose rows do not have the requested keys. */
  const drop = (key: string, stream: RowStream): void => {
    if (keptRows.of(key) === stream) keptRows.remove(key);
    const download = joinable.of(key);
    if (download?.stream === stream) joinable.close(key, download);
  };

  const begin = (
    endpoint: RowsEndpoint,
    key: string,
    { generation, isHeld }: WritesSoFar,
    requester: ListReader['deadline'],
    start: StartRead,
    onOwnExchange: OnExchange,
  ): RowDownload => {
    const isCurrent = (): boolean => !isClosed && joinable.of(key) === download;
    const download = new RowDownload(requester ?? patientRequester(), {
      generation,
      background: keptRows.background,
      isUseful: (bytes) => isCurrent() && keptRows.mayCache(bytes),
      onResponse: (answer) => {
        const isList = reportResult(endpoint, download.stream, answer);
        if (isList && !isHeld && isCurrent()) keep(key, download);
      },
      onError: (error) => download.stream.fail(() => toUpstreamError(endpoint, error)),
      onOver: () => joinable.close(key, download),
    });
    joinable.open(key, download);
    const { ticket, stream, onExchange } = download;
    download.start((signal) => start(ticket, stream, { signal, onExchange }), onOwnExchange);
    return download;
  };

  const waitFor = <E extends RowsEndpoint, Result>(
    endpoint: E,
    content: Content,
    stream: RowStream,
    { signal, onIncomplete }: Pick<ListReader, 'signal' | 'onIncomplete'>,
    work: (list: RowList<ReplyOf<E>>) => Promise<Result>,
  ): Promise<Result> => {
    const listeners = {
      onUnfit: () => drop(contentKey(endpoint, content), stream),
      onIncomplete: () => onIncomplete?.(endpoint),
    };
    const acceptRows = (verdict: Verdict): Verdict => accept(endpoint, content, verdict);
    // Readers cancel by the signal, whatever they wait for.
    return until(signal, retryOnAbort(endpoint, stream, work, acceptRows, listeners)).catch(
      (error: unknown) => {
        throw toUpstreamError(endpoint, error);
      },
    );
  };

  /** Returns the read in flight that may be joined. One from before a write continues for its readers only. */
  const joinableRead = (key: string, { generation }: WritesSoFar): RowDownload | undefined => {
    const found = joinable.of(key);
    if (!found || found.stream.generation === generation) return found;
    joinable.close(key, found);
    found.reconsider();
    return undefined;
  };

  /** Joins the read in flight, or starts one. Exchanges are reported to the wait times of one caller. */
  const joinOrStart = (
    endpoint: RowsEndpoint,
    key: string,
    writes: WritesSoFar,
    start: StartRead,
    { deadline, onCall }: ListReader,
    notes: WaitTimes,
  ): JoinedDownload => {
    const onExchange = (isShared: boolean): OnExchangeEnd =>
      onCall ? notes.begin(onCall(endpoint, isShared)) : () => {};
    const joined = joinableRead(key, writes);
    if (joined) {
      joined.ticket.join(deadline ?? patientRequester());
      onExchange(true);
      return { download: joined };
    }
    const onOwnExchange = (): OnExchangeEnd => onExchange(false);
    return {
      download: begin(endpoint, key, writes, deadline, start, onOwnExchange),
      onExchange: onOwnExchange,
    };
  };

  return {
    read: (endpoint, content, writes, start, reader) => {
      const { signal } = reader;
      const key = contentKey(endpoint, content);
      if (signal?.aborted) throw toUpstreamError(endpoint, cancelled(signal));
      const notes = new WaitTimes();
      let joined = joinOrStart(endpoint, key, writes, start, reader, notes);
      return {
        read: (work) => {
          // The download ran in the background and was cancelled.
          if (joined.download.isCancelled) joined = joinOrStart(endpoint, key, writes, start, reader, notes);
          const { download, onExchange } = joined;
          const wait = waitFor(endpoint, content, download.stream, reader, work);
          return notes.wait(download.serve(wait, onExchange), (isServed) => download.status(isServed));
        },
      };
    },
    hasKept: (endpoint, content) => keptRows.of(contentKey(endpoint, content)) !== undefined,
    kept: (endpoint, content, { generation }, reader) => {
      const key = contentKey(endpoint, content);
      const stream = keptRows.of(key);
      if (stream?.generation === generation) {
        return { read: (work) => waitFor(endpoint, content, stream, reader, work) };
      }
      keptRows.remove(key);
      return undefined;
    },
    seal: () => {
      const sealed = joinable.closeAll();
      keptRows.clear();
      for (const download of sealed) download.reconsider();
    },
    close: () => {
      isClosed = true;
      keptRows.clear();
      for (const download of joinable.all()) download.reconsider();
    },
  };
};
