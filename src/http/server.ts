import {
  createServer,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { InFlightSet } from '../lib/in-flight-set.ts';
import { closeGracefully, Pipeline } from './pipeline.ts';
import { disconnectStalled } from './stalled-responses.ts';
import { securityHeaders } from './steps/security-headers.ts';

/** An HTTP server that can be stopped without losing a response. */
export interface GatewayServer {
  readonly address: AddressInfo;
  /** Open connections of clients. */
  connections(): number;
  /** Whether it is being stopped, or soon will be. */
  isStopping(): boolean;
  /**
   * Announces that it is going to stop. It still accepts connections, and keeps those that are opened from now on. Each
   * that is open now it closes after its next response, so that its client may connect to another gateway.
   */
  announceStop(): void;
  /**
   * Accepts no new connections, responds to requests on open ones, and closes each after its response.
   *
   * @returns when all are closed.
   */
  stop(): Promise<void>;
  /** Closes all connections at once, and those that are accepted later. */
  cut(): void;
}

/** Connections that another process accepts, and hands over to this one. */
export interface HandedOver {
  /** The address at which that process listens. */
  readonly address: AddressInfo;
  /** Passes on each connection from now on. None comes after the server was asked to stop. */
  receive(take: (socket: Socket) => void): void;
}

export interface ServerOptions {
  readonly port: number;
  readonly host: string;
  /** The source of connections, if this process does not listen itself. */
  readonly handedOver?: HandedOver | undefined;
  /** Milliseconds after which a connection without a request is closed; 75,000 unless given. */
  readonly keepAliveTimeoutMs?: number;
  /** Milliseconds in which a whole request, with its body, must arrive; 30,000 unless given. */
  readonly receiveTimeoutMs?: number;
  /** The maximum number of open connections; no limit unless given. */
  readonly maxConnections?: number;
  /** Milliseconds for which a client may take none of its response before it is disconnected; 30,000 unless given. */
  readonly writeTimeoutMs?: number;
  /** Called for each client that is disconnected since it does not read its response. */
  readonly onStall?: () => void;
  /** Called for each connection that is closed at once since as many as allowed are open. */
  readonly onConnectionDropped?: () => void;
}

const defaultKeepAliveTimeoutMs = 75_000;
const defaultReceiveTimeoutMs = 30_000;
const defaultWriteTimeoutMs = 30_000;

/** The number of checks within the time for a request to arrive. */
const checksInTime = 10;

// A request may be on its way over a connection that is idle here.
const idleGraceMs = 500;
const idleCheckMs = 100;

// Connections may come faster than they are accepted.
const maxAcceptTurns = 200;

/** A turn of the event loop in which hardly anything was done. */
const shortTurnMs = 0.2;

const listen = (server: Server, port: number, host: string): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });

/** Serves connections that are handed over as those of a server that listens. */
const receive = (
  server: Server,
  { address, receive: receiveEach }: HandedOver,
  { maxConnections = Number.POSITIVE_INFINITY, onConnectionDropped }: ServerOptions,
): AddressInfo => {
  // From then on Node checks whether requests arrive in time.
  server.emit('listening');
  let open = 0;
  receiveEach((socket) => {
    if (open >= maxConnections) {
      socket.destroy();
      onConnectionDropped?.();
      return;
    }
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
    // As by default for connections that a server accepts.
    socket.setNoDelay(true);
    server.emit('connection', socket);
  });
  return address;
};

const statusOf = ({ code }: NodeJS.ErrnoException): number => {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return 413;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
};

const rejectionOf = (status: number): string => {
  const headers = { connection: 'close', 'content-length': '0', ...securityHeaders };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', ''].join('\r\n');
};

/**
 * Resolves after a short turn of the event loop in which the server accepted no connection. The system resets connections
 * that it has established for a server which closes before it accepts them, with the requests that came over them. In a
 * turn that is long, connections come after it was looked for them.
 */
export const acceptAll = async (server: NetServer): Promise<void> => {
  let accepted = 0;
  const count = (): void => {
    accepted += 1;
  };
  server.on('connection', count);
  // The first turn may be the rest of the present one.
  await nextTurn();
  for (let turn = 0, isQuiet = false; turn < maxAcceptTurns && !isQuiet; turn += 1) {
    const before = accepted;
    const begin = performance.now();
    await nextTurn();
    isQuiet = accepted === before && performance.now() - begin < shortTurnMs;
  }
  server.off('connection', count);
};

/** @throws if the port is in use, or the address is not of this machine. */
export const serve = async (handle: RequestListener, options: ServerOptions): Promise<GatewayServer> => {
  const {
    port,
    host,
    keepAliveTimeoutMs = defaultKeepAliveTimeoutMs,
    receiveTimeoutMs = defaultReceiveTimeoutMs,
    writeTimeoutMs = defaultWriteTimeoutMs,
    onStall = () => {},
    handedOver,
  } = options;
  const connections = new InFlightSet<Socket>();
  const pipelines = new WeakMap<Socket, Pipeline>();
  let isStopping = false;
  let isCut = false;
  let onNoConnection: (() => void) | undefined;
  const server = createServer({
    // Otherwise, of a header that is sent twice, such as Authorization, the second would be ignored.
    joinDuplicateHeaders: true,
    keepAliveTimeout: keepAliveTimeoutMs,
    requestTimeout: receiveTimeoutMs,
    headersTimeout: receiveTimeoutMs,
    connectionsCheckingInterval: Math.ceil(receiveTimeoutMs / checksInTime),
    // Node would reject requests without one before it responds to earlier ones.
    requireHostHeader: false,
  });
  // Node drops headers beyond its limit. Their size is limited.
  server.maxHeadersCount = 0;
  if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections;
  const { onConnectionDropped } = options;
  if (onConnectionDropped) server.on('drop', onConnectionDropped);

  server.on('request', (request, response) => pipelines.get(request.socket)?.add(request, response));
  /** Rejects what is no request, after the requests before it. */
  const reject = (error: NodeJS.ErrnoException, socket: Socket): void => {
    const pipeline = pipelines.get(socket);
    if (socket.destroyed || !pipeline) {
      socket.destroy();
    } else if (pipeline.isAnswering) {
      pipeline.end();
    } else {
      // To one that has sent nothing yet a response would be one to its first request.
      if (socket.writable && socket.bytesRead > 0 && pipeline.canReject)
        socket.write(rejectionOf(statusOf(error)));
      closeGracefully(socket);
    }
  };
  server.on('clientError', (error, socket) => reject(error, socket as Socket));
  // Sent by a client that treats this server as a proxy. Node would close the connection.
  server.on('connect', ({ socket }) => {
    socket.on('error', () => socket.destroy());
    reject(new Error('CONNECT'), socket);
  });

  // If V8 collects the whole heap while no connection is open, it drops the hidden class of sockets. Code that it
  // compiles later accesses all sockets, also those of upstreams, slowly while the process runs. One socket keeps it.
  const latest: { closed?: Socket } = {};
  // Before Node's own, which reads requests.
  server.prependListener('connection', (socket) => {
    if (isCut) socket.destroy();
    pipelines.set(socket, new Pipeline(socket, handle));
    const forget = connections.add(socket);
    socket.once('close', () => {
      forget();
      if (socket.bytesRead > 0) latest.closed = socket;
      if (connections.size === 0) onNoConnection?.();
    });
  });
  const closeIdle = (): void => {
    for (const socket of connections.all()) if (pipelines.get(socket)?.isIdle) closeGracefully(socket);
  };
  const responses = (): ServerResponse[] =>
    connections.all().flatMap((socket) => pipelines.get(socket)?.response ?? []);
  disconnectStalled({ responses, timeoutMs: writeTimeoutMs, onStall });
  /** Closes each open connection after the requests received over it, or, if there are none, after the next one. */
  const finishAll = (): void => {
    isStopping = true;
    for (const socket of connections.all()) pipelines.get(socket)?.finish();
  };
  /** Refuses new connections from now on. Resolves when all are closed. */
  const closeListener = (): Promise<void> =>
    new Promise((resolve) => {
      if (handedOver) {
        onNoConnection = resolve;
        if (connections.size === 0) resolve();
        return;
      }
      // The method of the HTTP server would close idle connections at once.
      NetServer.prototype.close.call(server, () => resolve());
    });
  const address = handedOver ? receive(server, handedOver, options) : await listen(server, port, host);
  return {
    address,
    connections: () => connections.size,
    isStopping: () => isStopping,
    announceStop: finishAll,
    stop: async () => {
      isStopping = true;
      // A client whose connection is closed opens another one: none is closed before that is refused.
      if (!handedOver) await acceptAll(server);
      const closed = closeListener();
      finishAll();
      let sweep: NodeJS.Timeout | undefined;
      const grace = setTimeout(() => {
        closeIdle();
        sweep = setInterval(closeIdle, idleCheckMs);
      }, idleGraceMs);
      await closed;
      clearTimeout(grace);
      clearInterval(sweep);
    },
    cut: () => {
      isCut = true;
      server.closeAllConnections();
    },
  };
};
