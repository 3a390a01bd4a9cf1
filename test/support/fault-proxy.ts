import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { listenAnywhere } from './listen.ts';

/** What happens to the connections through a proxy. `bytes` counts within each answer, its headers included. */
export type Trouble =
  | { readonly kind: 'none' }
  /** Accepts and resets at once; a connection that is open already is reset on its next byte. */
  | { readonly kind: 'reset-at-connect' }
  /** Resets on a request's first byte: nothing of it is forwarded. */
  | { readonly kind: 'reset-on-request' }
  /** Forwards the request and this many bytes of its answer, then resets; with 0 as the answer's first byte comes. */
  | { readonly kind: 'reset-after'; readonly bytes: number }
  /** The same with a clean FIN. */
  | { readonly kind: 'close-after'; readonly bytes: number }
  /** Takes bytes and forwards none, in neither direction. A connection that lost bytes is silent until it closes. */
  | { readonly kind: 'stall' }
  /** Forwards the request and this many bytes of its answer, then nothing more. */
  | { readonly kind: 'stall-after'; readonly bytes: number }
  /** Forwards answers byte by byte, one each so many milliseconds. */
  | { readonly kind: 'drip'; readonly milliseconds: number }
  /** Forwards each chunk of an answer so much later, in order. */
  | { readonly kind: 'latency'; readonly milliseconds: number }
  /** Lets a connection serve one exchange, and resets it on the first byte of the next: a keep-alive gone stale. */
  | { readonly kind: 'reset-reused' };

/** Stands before an upstream that speaks plain HTTP/1.1, without pipelining, and spoils its connections. */
export interface FaultProxy {
  readonly url: string;
  /** Applies to all connections at once, to open ones from their next bytes on. */
  set(trouble: Trouble): void;
  /** Requests whose first byte arrived, and connections: open now, and ever. */
  readonly seen: { readonly exchanges: number; readonly open: number; readonly connections: number };
  /** Closes all connections and refuses new ones, but keeps its port. */
  refuse(): Promise<void>;
  /** Listens again, on the same port. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

interface Chunk {
  readonly bytes: Buffer;
  readonly arrived: number;
}

/** One connection of a client, and the one to the upstream that belongs to it. */
interface Relay {
  /** Forwards as much of the answer as may go now. */
  advance(): void;
}

/** The messages of a relay to its proxy. */
interface Control {
  trouble(): Trouble;
  onExchange(): void;
}

/** An upstream is not read further while so many bytes of its answer wait. */
const mostWaiting = 1024 * 1024;

/**
 * So long a client has to read, in milliseconds, before a reset that is to follow bytes. A reset takes along what is
 * still in flight, and Node's clients take it for a FIN if it comes as early as the bytes.
 */
const timeToRead = 50;

/** How many bytes of an answer may pass at all. */
const limitOf = (trouble: Trouble): number => {
  if ('bytes' in trouble) return trouble.bytes;
  return trouble.kind === 'stall' || trouble.kind === 'reset-at-connect' ? 0 : Number.POSITIVE_INFINITY;
};

/** When the first byte of a chunk may pass, if another one did at `movedAt`. */
const dueAt = (trouble: Trouble, { arrived }: Chunk, movedAt: number): number => {
  if (trouble.kind === 'latency') return arrived + trouble.milliseconds;
  return trouble.kind === 'drip' ? movedAt + trouble.milliseconds : 0;
};

const isResetBy = (trouble: Trouble, isFirstByte: boolean, exchanges: number): boolean =>
  trouble.kind === 'reset-at-connect' ||
  (trouble.kind === 'reset-on-request' && isFirstByte) ||
  (trouble.kind === 'reset-reused' && isFirstByte && exchanges > 1);

const relay = (client: Socket, upstream: Socket, { trouble, onExchange }: Control): Relay => {
  const waiting: Chunk[] = [];
  let waitingBytes = 0;
  let exchanges = 0;
  /** How much of the answer went to the client. */
  let sent = 0;
  let movedAt = 0;
  let upstreamIs: 'open' | 'ended' | 'broken' = 'open';
  /** Nothing passes any more, in neither direction. */
  let isCut = false;
  let timer: NodeJS.Timeout | undefined;

  const cut = (): void => {
    isCut = true;
    clearTimeout(timer);
    waiting.length = 0;
    // What it has to say is taken, and lost.
    upstream.resume();
  };

  const reset = (): void => {
    cut();
    upstream.destroy();
    client.resetAndDestroy();
  };

  /** Lets these bytes be the last that pass. */
  const cutAfter = (last: Buffer): void => {
    cut();
    const { kind } = trouble();
    if (kind === 'stall' || kind === 'stall-after') client.write(last);
    else if (kind === 'close-after') client.end(last, () => upstream.destroy());
    else if (sent === 0) reset();
    else
      client.write(last, () => {
        if (!client.destroyed) timer = setTimeout(reset, timeToRead);
      });
  };

  const send = (chunk: Chunk): void => {
    const limit = limitOf(trouble());
    const atOnce = trouble().kind === 'drip' ? 1 : chunk.bytes.length;
    const bytes = chunk.bytes.subarray(0, Math.max(0, Math.min(atOnce, limit - sent)));
    const rest = chunk.bytes.subarray(bytes.length);
    waiting.splice(0, 1, ...(rest.length > 0 ? [{ ...chunk, bytes: rest }] : []));
    waitingBytes -= bytes.length;
    sent += bytes.length;
    movedAt = performance.now();
    if (sent >= limit) cutAfter(bytes);
    else client.write(bytes);
  };

  /** Passes on that the upstream is gone, as soon as all it said went to the client. */
  const finish = (): void => {
    if (trouble().kind === 'stall') return;
    if (upstreamIs === 'ended') client.end();
    if (upstreamIs === 'broken') reset();
  };

  const advance = (): void => {
    // What is cut waits for its reset, whatever the trouble is by then.
    if (isCut) return;
    clearTimeout(timer);
    while (!isCut && client.writable && !client.writableNeedDrain) {
      const [chunk] = waiting;
      if (chunk === undefined) {
        finish();
        break;
      }
      const wait = dueAt(trouble(), chunk, movedAt) - performance.now();
      if (wait > 0) {
        timer = setTimeout(advance, wait);
        break;
      }
      send(chunk);
    }
    if (isCut || waitingBytes < mostWaiting) upstream.resume();
    else upstream.pause();
  };

  client.on('data', (bytes: Buffer) => {
    const isFirstByte = exchanges === 0 || sent > 0;
    if (isFirstByte) {
      exchanges += 1;
      sent = 0;
      onExchange();
    }
    if (isCut) return;
    if (isResetBy(trouble(), isFirstByte, exchanges)) reset();
    else if (trouble().kind === 'stall') cut();
    else if (upstream.writable && !upstream.write(bytes)) client.pause();
  });
  client.on('drain', advance);
  // The error of either socket is followed by its close.
  client.on('error', () => {});
  client.on('close', () => {
    cut();
    // What the client had asked before it went still arrives.
    upstream.destroySoon();
  });

  upstream.on('data', (bytes: Buffer) => {
    if (isCut) return;
    waiting.push({ bytes, arrived: performance.now() });
    waitingBytes += bytes.length;
    advance();
  });
  upstream.on('drain', () => client.resume());
  upstream.on('end', () => {
    upstreamIs = 'ended';
    advance();
  });
  upstream.on('error', () => {
    upstreamIs = 'broken';
    advance();
  });
  // It would not drain any more.
  upstream.on('close', () => client.resume());

  return { advance };
};

/** Starts a proxy before the upstream at this URL, at first without trouble. Who starts it closes it. */
export const startFaultProxy = async (target: string): Promise<FaultProxy> => {
  const { hostname, port: targetPort } = new URL(target);
  const relays = new Set<Relay>();
  const sockets = new Set<Socket>();
  let trouble: Trouble = { kind: 'none' };
  let exchanges = 0;
  let connections = 0;

  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('close', () => sockets.delete(socket));
  };

  const accept = (client: Socket): void => {
    connections += 1;
    if (trouble.kind === 'reset-at-connect') {
      client.on('error', () => {}).resetAndDestroy();
      return;
    }
    const upstream = connect({ host: hostname, port: Number(targetPort || 80), noDelay: true });
    const one = relay(keep(client), keep(upstream), {
      trouble: () => trouble,
      onExchange: () => {
        exchanges += 1;
      },
    });
    relays.add(one);
    client.on('close', () => relays.delete(one));
  };

  // Without delay, or bytes that drip would arrive together.
  const server = createServer({ noDelay: true }, accept);
  const listen = async (at: number): Promise<void> => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
  };
  const stop = async (): Promise<void> => {
    const isClosed = once(server, 'close');
    server.close();
    // The server does not wait until its sockets have reported that they are closed.
    const areClosed = [...sockets].map(
      (socket) => new Promise<void>((resolve) => socket.destroy().once('close', () => resolve())),
    );
    await Promise.all([isClosed, ...areClosed]);
  };
  const port = await listenAnywhere(listen);

  return {
    url: `http://127.0.0.1:${port}`,
    set: (next) => {
      trouble = next;
      for (const { advance } of relays) advance();
    },
    seen: {
      get exchanges() {
        return exchanges;
      },
      get open() {
        return relays.size;
      },
      get connections() {
        return connections;
      },
    },
    refuse: stop,
    resume: async () => {
      if (!server.listening) await listen(port);
    },
    close: stop,
  };
};
