import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { acceptAll } from '../http/server.ts';

/** A process that serves connections. */
export interface Receiver {
  /** Its open connections. */
  readonly open: number;
  /** Whether it has not confirmed the last connection yet. */
  readonly isBusy: boolean;
  take(socket: Socket): void;
}

/** The connections of clients to the port, which receivers serve. */
export interface Connections {
  readonly address: AddressInfo;
  add(receiver: Receiver): void;
  /** Hands no further connection to a receiver. */
  remove(receiver: Receiver): void;
  /** Hands a connection over again, after its receiver has ended without it. */
  giveBack(socket: Socket): void;
  /** Hands over what waits: to be called when a receiver is not busy any more. */
  advance(): void;
  /** Refuses new connections. Resolves when all that were accepted have been handed over, or after the time. */
  close(maxMs: number): Promise<void>;
}

const checkMs = 5;

/**
 * Opens the port. Each connection goes to the receiver with the fewest open ones, in turns among equals: connections
 * that clients keep would stay unevenly distributed otherwise, above all when a receiver was replaced. A receiver gets
 * the next one when it has confirmed the last: so one whose event loop is blocked, or which has just ended, holds one.
 * Without a receiver, connections wait.
 *
 * @param maxWaiting the number of connections that may wait; further ones are closed at once.
 * @param maxOpen the number of connections that a receiver accepts.
 * @throws if the port is in use, or the address is not of this machine.
 */
export const openConnections = async (
  port: number,
  host: string,
  maxWaiting: number,
  maxOpen: number,
): Promise<Connections> => {
  const receivers = new Set<Receiver>();
  const waiting: Socket[] = [];

  const nextReceiver = (): Receiver | undefined => {
    let best: Receiver | undefined;
    let hasRoom = false;
    for (const receiver of receivers) {
      if (receiver.open < maxOpen) hasRoom = true;
      if (!receiver.isBusy && (!best || receiver.open < best.open)) best = receiver;
    }
    // One that is full would close it, while a busy one has room.
    return best && hasRoom && best.open >= maxOpen ? undefined : best;
  };

  const advance = (): void => {
    while (waiting.length > 0) {
      const receiver = nextReceiver();
      const socket = receiver && waiting.shift();
      if (!receiver || !socket) return;
      // The last one of those with as many.
      receivers.delete(receiver);
      receivers.add(receiver);
      receiver.take(socket);
    }
  };

  // Nothing of a request is read here: it stays in the socket.
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    // Of a client that resets its connection while it waits.
    socket.on('error', () => socket.destroy());
    // Otherwise Node asks all receivers about each connection when this server is closed.
    (socket as unknown as { server: null }).server = null;
    if (waiting.length >= maxWaiting) {
      socket.destroy();
      return;
    }
    waiting.push(socket);
    advance();
  });
  server.listen(port, host);
  await once(server, 'listening');

  return {
    address: server.address() as AddressInfo,
    add: (receiver) => {
      receivers.add(receiver);
      advance();
    },
    remove: (receiver) => {
      receivers.delete(receiver);
    },
    giveBack: (socket) => {
      waiting.unshift(socket);
      advance();
    },
    advance,
    close: async (maxMs) => {
      const end = performance.now() + maxMs;
      await acceptAll(server);
      server.close();
      while (waiting.length > 0 && receivers.size > 0 && performance.now() < end) await pause(checkMs);
      for (const socket of waiting.splice(0)) socket.destroy();
    },
  };
};
