import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands before a Postgres without TLS, and cuts connections. */
export interface PostgresProxy {
  readonly port: number;
  /**
   * Loses the answer to the next statement with this text: the server has executed it when the connection is cut.
   *
   * @returns after the cut.
   */
  loseAnswer(text: string): Promise<void>;
  /** Cuts the connection in place of the next statement with this text, which does not reach the server. */
  loseStatement(text: string): Promise<void>;
  /** Closes all connections and refuses new ones. */
  refuse(): Promise<void>;
  /** Accepts connections again, on the same port. */
  resume(): Promise<void>;
  /** Keeps all connections, and forwards nothing until the returned function is called. */
  halt(): () => void;
  /**
   * Does the same once the next statement with this text has reached the server.
   *
   * @returns the function that ends it, once the statement was passed on.
   */
  haltAfter(text: string): Promise<() => void>;
  /** The connections that were accepted. */
  connections(): number;
  close(): Promise<void>;
}

interface Trap {
  readonly text: string;
  /** What happens to the statement, and then to the connections. */
  readonly effect: 'lost' | 'executed' | 'halted';
  readonly sprung: () => void;
}

export const startPostgresProxy = async (serverPort: number): Promise<PostgresProxy> => {
  const sockets = new Set<Socket>();
  let trap: Trap | undefined;
  let isHalted = false;
  let connections = 0;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    // An error is followed by the close.
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };

  const halt = (): void => {
    isHalted = true;
    for (const socket of sockets) socket.pause();
  };
  const release = (): void => {
    isHalted = false;
    for (const socket of sockets) socket.resume();
  };

  const server = createServer({ noDelay: true }, (accepted) => {
    connections += 1;
    const client = keep(accepted);
    const upstream = keep(connect({ host: '127.0.0.1', port: serverPort, noDelay: true }));
    let losing: Trap | undefined;
    const cut = (): void => {
      client.resetAndDestroy();
      upstream.destroy();
    };
    if (isHalted) for (const socket of [client, upstream]) socket.pause();
    client.on('data', (bytes: Buffer) => {
      if (trap && bytes.includes(trap.text)) {
        const { effect, sprung } = trap;
        if (effect === 'executed') losing = trap;
        trap = undefined;
        if (effect === 'lost') {
          sprung();
          cut();
          return;
        }
        if (effect === 'halted') {
          halt();
          sprung();
        }
      }
      upstream.write(bytes);
    });
    // The server sends the answer to a statement in a transaction of its own after the commit.
    upstream.on('data', (bytes: Buffer) => {
      if (losing) {
        losing.sprung();
        cut();
      } else client.write(bytes);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });

  const setTrap = (text: string, effect: Trap['effect']): Promise<void> =>
    new Promise((resolve) => {
      trap = { text, effect, sprung: resolve };
    });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const refuse = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    loseAnswer: (text) => setTrap(text, 'executed'),
    loseStatement: (text) => setTrap(text, 'lost'),
    refuse,
    resume: () => listen(port),
    halt: () => {
      halt();
      return release;
    },
    haltAfter: async (text) => {
      await setTrap(text, 'halted');
      return release;
    },
    connections: () => connections,
    close: refuse,
  };
};
