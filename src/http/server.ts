import {
  createServer,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { InFlightSet } from '../lib/in-flight-set.ts';
import { closeGracefully, Pipeline } from './pipeline.ts';
import { securityHeaders } from './plugins/use-security-headers.ts';
import { disconnectStalled } from './stalled-responses.ts';

/** An HTTP server that can be stopped without anybody losing an answer. */
export interface GatewayServer {
  readonly address: AddressInfo;
  /** Open connections of clients. */
  connections(): number;
  /** Whether it is being stopped. */
  isStopping(): boolean;
  /**
   * Takes no new connections, answers what came over those that there are, and closes each after its answer.
   *
   * @returns when all are closed.
   */
  stop(): Promise<void>;
  /** Closes all connections at once. */
  cut(): void;
}

export interface ServerOptions {
  readonly port: number;
  readonly host: string;
  /** Milliseconds after which a connection without a request is closed; 75,000 unless given. */
  readonly keepAliveTimeoutMs?: number;
  /** Milliseconds in which a whole request, with its body, has to arrive; 30,000 unless given. */
  readonly receiveTimeoutMs?: number;
  /** Connections that may be open; as many as come unless given. */
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

/** Requests that take too long to arrive are looked for so many times in their time. */
const checksInTime = 10;

// A request may be on its way over a connection that looks idle here: it is heard out before that is closed.
const idleGraceMs = 500;
const idleCheckMs = 100;

const listen = (server: Server, port: number, host: string): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });

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

/** @throws if the port is taken, or the address is not this machine's. */
export const serve = async (answer: RequestListener, options: ServerOptions): Promise<GatewayServer> => {
  const {
    port,
    host,
    keepAliveTimeoutMs = defaultKeepAliveTimeoutMs,
    receiveTimeoutMs = defaultReceiveTimeoutMs,
    writeTimeoutMs = defaultWriteTimeoutMs,
    onStall = () => {},
  } = options;
  const responses = new InFlightSet<ServerResponse>();
  const connections = new InFlightSet<Socket>();
  const pipelines = new WeakMap<Socket, Pipeline>();
  let isStopping = false;
  const server = createServer({
    // Of a header that comes twice, as Authorization, the second would go unseen.
    joinDuplicateHeaders: true,
    keepAliveTimeout: keepAliveTimeoutMs,
    requestTimeout: receiveTimeoutMs,
    headersTimeout: receiveTimeoutMs,
    connectionsCheckingInterval: Math.ceil(receiveTimeoutMs / checksInTime),
    // Node would answer requests without one before those that wait.
    requireHostHeader: false,
  });
  // Node leaves out those beyond its limit. Their size is bounded.
  server.maxHeadersCount = 0;
  if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections;
  const { onConnectionDropped } = options;
  if (onConnectionDropped) server.on('drop', onConnectionDropped);

  server.on('request', (request, response) => {
    response.once('close', responses.add(response));
    const pipeline = pipelines.get(request.socket);
    pipeline?.add(request, response);
  });
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
  // Of a client that takes this for a proxy. Node closes the connection otherwise.
  server.on('connect', ({ socket }) => {
    socket.on('error', () => socket.destroy());
    reject(new Error('CONNECT'), socket);
  });

  // A collection of the whole heap while no connection is open makes V8 forget what sockets look like, and what it
  // compiles after that reads all of them, the upstreams' too, the slow way, for as long as the process runs. To
  // remember, it needs one.
  const latest: { closed?: Socket } = {};
  // Before Node's own, which reads requests.
  server.prependListener('connection', (socket) => {
    pipelines.set(socket, new Pipeline(socket, answer));
    const forget = connections.add(socket);
    socket.once('close', () => {
      forget();
      if (socket.bytesRead > 0) latest.closed = socket;
    });
  });
  const closeIdle = (): void => {
    for (const socket of connections.all()) if (pipelines.get(socket)?.isIdle) closeGracefully(socket);
  };
  disconnectStalled({ responses: () => responses.all(), timeoutMs: writeTimeoutMs, onStall });
  const address = await listen(server, port, host);
  return {
    address,
    connections: () => connections.size,
    isStopping: () => isStopping,
    stop: async () => {
      isStopping = true;
      for (const socket of connections.all()) pipelines.get(socket)?.finish();
      const closed = new Promise<void>((resolve) => {
        // That of the HTTP server would close the idle connections at once.
        NetServer.prototype.close.call(server, () => resolve());
      });
      let sweep: NodeJS.Timeout | undefined;
      const grace = setTimeout(() => {
        closeIdle();
        sweep = setInterval(closeIdle, idleCheckMs);
      }, idleGraceMs);
      await closed;
      clearTimeout(grace);
      clearInterval(sweep);
    },
    cut: () => server.closeAllConnections(),
  };
};
