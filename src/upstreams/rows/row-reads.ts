import type { CancelSignal } from '../../lib/abort-signal.ts';
import type { Deadline } from '../../lib/deadline.ts';
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

/** A download, and what hears of its exchanges where it was begun here. */
interface JoinedDownload {
  readonly download: RowDownload;
  readonly onExchange?: OnExchange;
}

/** Who reads a list. */
interface ListReader {
  /** Ends the wait of this one. */
  readonly signal?: CancelSignal | undefined;
  readonly deadline?: Deadline | undefined;
  /** Hears of each exchange, or of the read that it joins, as it begins; and then how long it waited for that. */
  readonly onCall?: OnCall | undefined;
  readonly onIncomplete?: ResponseListeners['onIncomplete'];
}

/** Makes a read, with as many exchanges as it needs. */
export type StartRead = (
  turn: Ticket,
  stream: RowStream,
  options: { readonly signal: CancelSignal; readonly onExchange: OnExchange },
) => Promise<Judged>;

/**
 * The lists that are read with one credential. Those that are coming in are shared by all who ask for the same; those
 * that have come are kept for a while, for later pages.
 */
export interface RowReads {
  /** Joins the read under way with this content, or starts one. @throws {UpstreamError} when the reader has left. */
  read<E extends RowsEndpoint>(
    endpoint: E,
    content: Content,
    start: StartRead,
    reader: ListReader,
  ): RowListReader<ReplyOf<E>>;
  /** The list that is kept of such a read; `undefined` where none is. */
  kept<E extends RowsEndpoint>(
    endpoint: E,
    content: Content,
    reader: ListReader,
  ): RowListReader<ReplyOf<E>> | undefined;
  /** Lets nobody read on in what has begun by now: it may tell of a time before a write. */
  seal(): void;
  /** Ends all that nobody waits for. */
  close(): void;
}

/** Who hears what is wrong with rows. */
interface RowListeners {
  /** They are not what was asked for. */
  readonly onUnfit: () => void;
  /** Some lack what identifies them. */
  readonly onIncomplete: () => void;
}

/** What a parsed row takes up, by the bytes of its text. */
const parsedShare = 4;

/** Checks rows as they are given out, and reports those that were left out on the way to them. */
const checked = <E extends RowsEndpoint>(
  endpoint: E,
  list: RowList,
  accept: (verdict: Verdict) => Verdict,
  { onUnfit, onIncomplete }: RowListeners,
): RowList<ReplyOf<E>> => ({
  ...list,
  reach: async (count) => {
    const reached = await list.reach(count);
    if (await list.isIncomplete(count)) onIncomplete();
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

/** Does what needs rows, as often as it takes until their answer does not break off in between. */
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

/** Tells all who read a list what its answer says. @returns whether it is a list. */
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

/** @param accept checks the rows that are given out against the requested keys. */
export const createRowReads = (keptRows: CachedRows, accept: Sender['accept']): RowReads => {
  const joinable = new Joinable<RowDownload>();
  let isClosed = false;

  const keep = (key: string, { stream, ageMs }: RowDownload): void => {
    keptRows.add(key, stream, ageMs());
    void stream.compressed.then(() => {
      if (keptRows.of(key) === stream) keptRows.add(key, stream, ageMs());
    });
  };

  /** Lets nobody have more of a list whose rows are not what was asked for. */
  const drop = (key: string, stream: RowStream): void => {
    if (keptRows.of(key) === stream) keptRows.remove(key);
    const download = joinable.of(key);
    if (download?.stream === stream) joinable.close(key, download);
  };

  const begin = (
    endpoint: RowsEndpoint,
    key: string,
    requester: ListReader['deadline'],
    start: StartRead,
    hear: OnExchange,
  ): RowDownload => {
    const isCurrent = (): boolean => !isClosed && joinable.of(key) === download;
    const download = new RowDownload(requester ?? patientRequester(), {
      background: keptRows.background,
      isUseful: (bytes) => isCurrent() && keptRows.mayCache(bytes),
      onAnswer: (answer) => {
        if (reportResult(endpoint, download.stream, answer) && isCurrent()) keep(key, download);
      },
      onError: (error) => download.stream.fail(() => toUpstreamError(endpoint, error)),
      onOver: () => joinable.close(key, download),
    });
    joinable.open(key, download);
    const { ticket, stream, onExchange } = download;
    download.start((signal) => start(ticket, stream, { signal, onExchange }), hear);
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
    // Who waits leaves by the signal, whatever it waits for.
    return until(signal, retryOnAbort(endpoint, stream, work, acceptRows, listeners)).catch(
      (error: unknown) => {
        throw toUpstreamError(endpoint, error);
      },
    );
  };

  /** Joins the read under way, or begins one; its exchanges are told to one caller's notes. */
  const joinOrStart = (
    endpoint: RowsEndpoint,
    key: string,
    start: StartRead,
    { deadline, onCall }: ListReader,
    notes: WaitTimes,
  ): JoinedDownload => {
    const hear = (isShared: boolean): OnExchangeEnd =>
      onCall ? notes.begin(onCall(endpoint, isShared)) : () => {};
    const joined = joinable.of(key);
    if (joined) {
      joined.ticket.join(deadline ?? patientRequester());
      hear(true);
      return { download: joined };
    }
    const hearOwn = (): OnExchangeEnd => hear(false);
    return { download: begin(endpoint, key, deadline, start, hearOwn), onExchange: hearOwn };
  };

  return {
    read: (endpoint, content, start, reader) => {
      const { signal } = reader;
      const key = contentKey(endpoint, content);
      if (signal?.aborted) throw toUpstreamError(endpoint, cancelled(signal));
      const notes = new WaitTimes();
      let joined = joinOrStart(endpoint, key, start, reader, notes);
      return {
        read: (work) => {
          // It went on for nobody, and was not worth while.
          if (joined.download.isCancelled) joined = joinOrStart(endpoint, key, start, reader, notes);
          const { download, onExchange } = joined;
          const wait = waitFor(endpoint, content, download.stream, reader, work);
          return notes.wait(download.serve(wait, onExchange), (isServed) => download.status(isServed));
        },
      };
    },
    kept: (endpoint, content, reader) => {
      const stream = keptRows.of(contentKey(endpoint, content));
      return stream && { read: (work) => waitFor(endpoint, content, stream, reader, work) };
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
