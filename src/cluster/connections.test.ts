import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Connections, openConnections, type Receiver } from './connections.ts';

class Recorder implements Receiver {
  open = 0;
  isBusy = false;
  readonly taken: Socket[] = [];

  take(socket: Socket): void {
    this.open += 1;
    this.taken.push(socket);
    onTestFinished(() => void socket.destroy());
  }
}

const openPort = async (maxOpen = 100): Promise<Connections> => {
  const connections = await openConnections(0, '127.0.0.1', 100, maxOpen);
  onTestFinished(() => connections.close(0));
  return connections;
};

const connectTo = async ({ address }: Connections, count: number): Promise<Socket[]> => {
  const sockets = Array.from({ length: count }, () => connect(address.port, '127.0.0.1'));
  for (const socket of sockets) {
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    await once(socket, 'connect');
  }
  return sockets;
};

const untilTaken = async (receivers: readonly Recorder[], count: number): Promise<void> => {
  while (receivers.reduce((sum, { taken }) => sum + taken.length, 0) < count) await pause(1);
};

describe('connections', () => {
  it('go to the receiver with the fewest open ones, in turns among equals', async () => {
    const connections = await openPort();
    const receivers = [new Recorder(), new Recorder(), new Recorder()] as const;
    for (const receiver of receivers) connections.add(receiver);
    receivers[1].open = 3;
    await connectTo(connections, 9);
    await untilTaken(receivers, 9);
    expect(receivers.map(({ open }) => open)).toEqual([4, 4, 4]);
  });

  it('wait until a receiver is there and has confirmed the last one', async () => {
    const connections = await openPort();
    const receiver = new Recorder();
    receiver.isBusy = true;
    await connectTo(connections, 2);
    connections.add(receiver);
    await pause(20);
    expect(receiver.taken).toHaveLength(0);
    receiver.isBusy = false;
    connections.advance();
    await untilTaken([receiver], 2);
  });

  it('do not go to a receiver that is full while another one is only busy', async () => {
    const connections = await openPort(2);
    const [free, busy] = [new Recorder(), new Recorder()];
    busy.isBusy = true;
    connections.add(free);
    connections.add(busy);
    await connectTo(connections, 3);
    await untilTaken([free], 2);
    await pause(20);
    expect(free.taken).toHaveLength(2);
    busy.isBusy = false;
    connections.advance();
    await untilTaken([busy], 1);
    // All are full: the receiver closes it, and counts that.
    busy.open = 2;
    await connectTo(connections, 1);
    await untilTaken([free, busy], 4);
  });

  it('that a receiver gives back go to another one first', async () => {
    const connections = await openPort();
    const [first, second] = [new Recorder(), new Recorder()];
    connections.add(first);
    await connectTo(connections, 1);
    await untilTaken([first], 1);
    connections.remove(first);
    connections.giveBack(first.taken[0] as Socket);
    connections.add(second);
    expect(second.taken).toEqual(first.taken);
  });

  it('that were accepted are handed over before close() ends; further ones are refused', async () => {
    const connections = await openPort();
    const receiver = new Recorder();
    receiver.isBusy = true;
    connections.add(receiver);
    await connectTo(connections, 3);
    const closed = connections.close(10_000);
    receiver.isBusy = false;
    connections.advance();
    await closed;
    // In the system's queue at the time as well.
    expect(receiver.taken).toHaveLength(3);
    const [error] = await once(connect(connections.address.port, '127.0.0.1'), 'error');
    expect((error as NodeJS.ErrnoException).code).toBe('ECONNREFUSED');
  });
});
