import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { disconnectStalled } from './stalled-responses.ts';
import { UnderWay } from './under-way.ts';

/** An HTTP server that can be stopped without anybody losing an answer. */
export interface GatewayServer {
  readonly address: AddressInfo;
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

const closeAfterAnswer = (response: ServerResponse): void => {
  if (!response.headersSent) response.setHeader('connection', 'close');
};

export interface ServerOptions {
  readonly port: number;
  readonly host: string;
  /** Milliseconds for which a client may take none of its response before it is disconnected; 30,000 unless given. */
  readonly writeTimeoutMs?: number;
  /** Is called for each client that is disconnected since it does not read its response. */
  readonly onStall?: () => void;
}

const defaultWriteTimeoutMs = 30_000;

/** @throws if the port is taken, or the address is not this machine's. */
export const serve = async (
  answer: RequestListener,
  { port, host, writeTimeoutMs = defaultWriteTimeoutMs, onStall = () => {} }: ServerOptions,
): Promise<GatewayServer> => {
  const underWay = new UnderWay<ServerResponse>();
  const connections = new UnderWay<Socket>();
  let isStopping = false;
  // Of a header that comes twice, as Authorization, the second would go unseen.
  const server = createServer({ joinDuplicateHeaders: true }, (request, response) => {
    response.once('close', underWay.add(response));
    if (isStopping) closeAfterAnswer(response);
    answer(request, response);
  });
  // A collection of the whole heap while no connection is open makes V8 forget what sockets look like, and what it
  // compiles after that reads all of them, the upstreams' too, the slow way, for as long as the process runs. To
  // remember, it needs one.
  const latest: { closed?: Socket } = {};
  server.on('connection', (socket) => {
    const forget = connections.add(socket);
    socket.once('close', () => {
      forget();
      if (socket.bytesRead > 0) latest.closed = socket;
    });
  });
  const closeIdle = (): void => {
    server.closeIdleConnections();
    // To Node one over which nothing ever came is not idle.
    for (const socket of connections.all()) if (socket.bytesRead === 0) socket.destroy();
  };
  disconnectStalled({ responses: () => underWay.all(), timeoutMs: writeTimeoutMs, onStall });
  const address = await listen(server, port, host);
  return {
    address,
    isStopping: () => isStopping,
    stop: async () => {
      isStopping = true;
      for (const response of underWay.all()) closeAfterAnswer(response);
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
