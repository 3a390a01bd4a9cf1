import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { sendParts, withEnd } from './sent-parts.ts';

/** Parts that count how many were requested, without end. */
const createParts = () => {
  const seen = { requested: 0, isReturned: false };
  const parts: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        seen.requested += 1;
        return Promise.resolve({ done: false, value: 'part' });
      },
      return: () => {
        seen.isReturned = true;
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
  return { parts, seen };
};

/** A connection that takes a number of parts at a time. */
class SlowResponse extends EventEmitter {
  closed = false;
  destroyed = false;
  writableEnded = false;
  left = 2;

  write(): boolean {
    this.left -= 1;
    return this.left > 0;
  }

  end(): void {
    this.writableEnded = true;
  }
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
};

describe('sendParts', () => {
  it('requests no further part while the connection is full, and none after the client has disconnected', async () => {
    const response = new SlowResponse();
    const { parts, seen } = createParts();
    const sent = sendParts(response as unknown as ServerResponse, parts);
    await turns();
    expect(seen).toEqual({ requested: 2, isReturned: false });
    response.left = 3;
    response.emit('drain');
    await turns();
    expect(seen).toEqual({ requested: 5, isReturned: false });
    response.closed = true;
    response.emit('close');
    await sent;
    expect(seen).toEqual({ requested: 5, isReturned: true });
    expect(response.listenerCount('drain') + response.listenerCount('close')).toBe(0);
  });
});

describe('withEnd', () => {
  it('reports the bytes once, whether all parts are taken or not', async () => {
    const ends: number[] = [];
    const some = (async function* (): AsyncGenerator<string> {
      yield 'ä';
      yield 'b';
    })();
    for await (const _ of withEnd(some, (bytes) => ends.push(bytes)));
    expect(ends).toEqual([3]);
    const { parts, seen } = createParts();
    for await (const _ of withEnd(parts, (bytes) => ends.push(bytes))) break;
    expect(ends).toEqual([3, 4]);
    expect(seen.isReturned).toBe(true);
    await withEnd(parts, (bytes) => ends.push(bytes))
      [Symbol.asyncIterator]()
      .return?.();
    expect(ends).toEqual([3, 4, 0]);
  });

  it('reports the end of parts that fail', async () => {
    const ends: number[] = [];
    const failing = (async function* (): AsyncGenerator<string> {
      yield 'a';
      throw new Error('failed');
    })();
    const read = async (): Promise<void> => {
      for await (const _ of withEnd(failing, (bytes) => ends.push(bytes)));
    };
    await expect(read()).rejects.toThrow('failed');
    expect(ends).toEqual([1]);
  });
});
